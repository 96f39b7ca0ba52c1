"""Purge batches: plans, approvals, carrying out, certificates."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import msgspec

from archive.access.organisations import OrganisationRow
from archive.api.purges import batch_body, review_body
from archive.cli.shared import as_json, opened, org_option, organisation, organisations, print_json
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput, NotFound
from archive.retention.approving import approve_batch
from archive.retention.batch import Batch, Standing
from archive.retention.batches import all_batches, open_batches, read_batch
from archive.retention.certificate_pdf import certificate_pdf
from archive.retention.planning import plan_batches
from archive.retention.purge import Ran, look_at_clocks, run_due
from archive.retention.reviewing import read_certificate, review
from archive.retention.switch import resume_everywhere, resume_purging, stop_everywhere, stop_of, stop_purging
from archive.wiring import Archive


@click.group()
def purge() -> None:
    """What has had its time: plans that can be seen for a week, destruction, certificates."""


@purge.command("plan")
@org_option
@as_json
def plan(org: str | None, as_json: bool) -> None:
    """Plan what is due within a week. The job `plan` does the same each day."""
    with opened() as archive:
        look_at_clocks(archive).demand()
        rows = organisations(archive, org)
        made = [(row, batch) for row in rows for batch in plan_batches(archive.transactions, row.id)]
        _show(archive, made, as_json, "Nothing is due within a week that is not in a plan already.")


@purge.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the batches, those of the latest days first."""
    with opened() as archive:
        found = []
        for row in organisations(archive, org):
            with archive.transactions.read(row.id, OPERATOR) as tx:
                found += [(row, batch) for batch in all_batches(tx)]
                if (stop := stop_of(tx)) and not as_json:
                    click.echo(f"{row.name}: {stop}")
        _show(archive, found, as_json, "There are no batches yet: they are planned a week before their day.")


@purge.command("show")
@click.argument("batch_id", metavar="BATCH")
@org_option
@as_json
def show(batch_id: str, org: str | None, as_json: bool) -> None:
    """Show what a batch takes, what stops it, and how far it is."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            batch, now = read_batch(tx, batch_id), tx.now
    if as_json:
        print_json(_as_json(row, batch, now))
        return
    click.echo(_line(batch, batch.standing(now)))
    for number, count in sorted(batch.numbers.items()):
        click.echo(f"  {number:20} {count:>9,} texts")
    click.echo(f"  not in the plan: {batch.held:,} held, {batch.longer:,} kept by a longer policy")
    for trip in batch.trips:
        click.echo(f"  {trip.breaker.value}: {trip.because}")
    if batch.approval:
        click.echo(f"  approved {rfc3339(batch.approval.at)} by {batch.approval.by}")
    for step in batch.steps:
        click.echo(f"  {step.value:10} {rfc3339(batch.done_at(step))}")


@purge.command("verify")
@click.argument("batch_id", metavar="BATCH")
@org_option
@as_json
def verify(batch_id: str, org: str | None, as_json: bool) -> None:
    """Look again whether all of a certified batch is gone. Exit code 1 if anything is there."""
    with opened() as archive:
        found = review(archive, organisation(archive, org), OPERATOR, batch_id)
    if as_json:
        print_json(msgspec.to_builtins(review_body(found)))
    else:
        word = click.style("all gone", fg="green") if found.good else click.style("NOT ALL GONE", fg="red")
        click.echo(f"{batch_id}: {word}")
        for name, count in found.found.items():
            click.echo(f"  {name:10} {count:,}")
        for fault in found.faults:
            click.echo(f"  {fault}")
    if not found.good:
        raise SystemExit(1)


@purge.command("approve")
@click.argument("batch_ids", metavar="BATCH…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every batch that waits.")
@click.option("--yes", is_flag=True, help="Don't ask for the number of texts.")
@org_option
@as_json
def approve(batch_ids: Sequence[str], everything: bool, yes: bool, org: str | None, as_json: bool) -> None:
    """Let batches go that breakers have stopped. Says why they were, and asks for the number of texts they take."""
    if bool(batch_ids) == everything:
        raise BadInput("Name the batches, or give --all.", "`textarchive purge list` shows those that wait.")
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            waiting = [one for one in open_batches(tx) if one.standing(tx.now) is Standing.WAITING]
            chosen = waiting if everything else [read_batch(tx, batch_id) for batch_id in batch_ids]
        if not chosen:
            raise NotFound("No batch waits for anybody.", "There is nothing to do.")
        if not yes:
            _ask_for_number(chosen)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            approved = [approve_batch(tx, batch.id, batch.size) for batch in chosen]
        _show(archive, [(row, batch) for batch in approved], as_json, "")


@purge.command("run")
@org_option
@as_json
def run(org: str | None, as_json: bool) -> None:
    """Carry out what has begun and what is due. Exit code 1 if a batch could not be finished."""
    with opened() as archive:
        clocks = look_at_clocks(archive)
        ran = {row: run_due(archive, row, clocks) for row in organisations(archive, org)}
    if as_json:
        print_json([_ran_as_json(row, one) for row, one in ran.items()])
    else:
        for row, one in ran.items():
            _print_ran(row, one)
    if any(one.unfinished for one in ran.values()):
        raise SystemExit(1)


@purge.command("stop")
@click.option("--reason", required=True, metavar="WHY", help="Why purging is stopped. Sealed.")
@click.option("--everywhere", is_flag=True, help="For all organisations.")
@org_option
def stop(reason: str, everywhere: bool, org: str | None) -> None:
    """Stop all purging at once. What has begun stays hidden and goes on later."""
    with opened() as archive:
        if everywhere:
            stop_everywhere(archive.transactions, OPERATOR, reason)
        else:
            with archive.transactions.write(organisation(archive, org).id, OPERATOR) as tx:
                stop_purging(tx, reason)
    click.echo("Purging is stopped. `textarchive purge resume` lets it go on.")


@purge.command("resume")
@click.option("--everywhere", is_flag=True, help="For all organisations.")
@org_option
def resume(everywhere: bool, org: str | None) -> None:
    """Let purging go on."""
    with opened() as archive:
        if everywhere:
            resume_everywhere(archive.transactions, OPERATOR)
        else:
            with archive.transactions.write(organisation(archive, org).id, OPERATOR) as tx:
                resume_purging(tx)
    click.echo("Purging goes on.")


@purge.command("certificate")
@click.argument("batch_id", metavar="BATCH")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="To print, into FILE.")
@org_option
def certificate(batch_id: str, pdf: Path | None, org: str | None) -> None:
    """Print the signed certificate of a batch; a stranger checks it with `textarchive verify-certificate`."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = read_certificate(tx, read_batch(tx, batch_id))
    if pdf is None:
        click.echo(found.text, nl=False)
        return
    printed = certificate_pdf(found.text, found.made)
    pdf.write_bytes(printed)
    click.echo(f"{pdf}: {len(printed):,} bytes, SHA-256 {sha256(printed).hexdigest()}")


def _ask_for_number(chosen: Sequence[Batch]) -> None:
    for batch in chosen:
        for trip in batch.trips:
            click.echo(f"{batch.id}: {trip.because}", err=True)
    takes = sum(batch.size for batch in chosen)
    typed = click.prompt(f"This lets {takes:,} texts be destroyed. Type that number to allow it", err=True)
    if typed.replace(",", "").strip() != str(takes):
        raise BadInput(f"{typed} is not {takes:,}.", "Nothing was allowed.")


def _show(archive: Archive, found: Sequence[tuple[OrganisationRow, Batch]], as_json: bool, nothing: str) -> None:
    now = archive.clock()
    if as_json:
        print_json([_as_json(row, batch, now) for row, batch in found])
        return
    for row, batch in found:
        click.echo(f"{_line(batch, batch.standing(now))}  {row.name}")
        for trip in batch.unapproved(now) if batch.standing(now) is Standing.WAITING else ():
            click.echo(f"  {trip.because}")
    if not found:
        click.echo(nothing)


def _line(batch: Batch, standing: Standing) -> str:
    return f"{batch.id:14} {standing.value:10} {batch.texts:>9,} texts {batch.items:>6,} quarantined"


def _as_json(row: OrganisationRow, batch: Batch, now: datetime) -> dict[str, Any]:
    return {"organisation": row.public_id, **msgspec.to_builtins(batch_body(batch, now))}


def _ran_as_json(row: OrganisationRow, ran: Ran) -> dict[str, Any]:
    return {
        "organisation": row.public_id,
        "certified": [batch.id for batch in ran.certified],
        "waiting": [batch.id for batch in ran.waiting],
        "unfinished": {batch_id: str(problem) for batch_id, problem in ran.unfinished.items()},
        "stopped": str(ran.stop) if ran.stop else None,
    }


def _print_ran(row: OrganisationRow, ran: Ran) -> None:
    if ran.stop:
        click.echo(f"{row.name}: {ran.stop}")
    for batch in ran.certified:
        click.echo(f"{row.name}: {batch.id} certified, {len(batch.destroyed):,} texts and items destroyed")
    for batch in ran.waiting:
        click.echo(f"{row.name}: {batch.id} waits: {' '.join(trip.because for trip in batch.trips)}")
    for batch_id, problem in ran.unfinished.items():
        click.echo(f"{row.name}: {batch_id} is not finished: {problem}")
    if not (ran.stop or ran.certified or ran.waiting or ran.unfinished):
        click.echo(f"{row.name}: nothing is due")
