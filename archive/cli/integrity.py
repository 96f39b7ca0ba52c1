"""Verifying, proofs, checkpoints, the public key."""

import sys
from pathlib import Path
from typing import Any

import click

from archive.access.organisations import OrganisationRow
from archive.cli.shared import (
    as_json,
    opened,
    org_option,
    organisation,
    organisations,
    print_json,
    printable,
    public_key_of,
    visible,
)
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput
from archive.ledger.checkpoints import bring_up, signer
from archive.ledger.note import Checkpoint, NoteError, VerifierKey, open_checkpoint
from archive.ledger.proofs import Proven, check_proof
from archive.ledger.report import Report
from archive.ledger.tree import ProofError
from archive.proving import prove_message, verify_organisation
from archive.wiring import Archive


@click.command()
@org_option
@click.option(
    "--checkpoint",
    "checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that was kept elsewhere; the ledger must still contain it.",
)
@click.option(
    "--public-key", metavar="KEY", help="Public key (or a file with it) that checkpoints must be signed with."
)
@as_json
def verify(org: str | None, checkpoint: Path | None, public_key: str | None, as_json: bool) -> None:
    """Recompute every commitment, leaf, root and signature. Exit code 0 if all is well, 1 if not."""
    if checkpoint and not public_key:
        raise click.UsageError("--checkpoint needs --public-key: a checkpoint is worth what its signature is.")
    key = public_key_of(public_key) if public_key else None
    remembered = [_remembered(checkpoint, key)] if checkpoint and key else []
    with opened() as archive:
        wanted = _of_origin(archive, remembered) if remembered and not org else organisations(archive, org)
        reports = {row: _verify_one(archive, row, key, remembered) for row in wanted}
    if as_json:
        print_json(
            {
                "good": all(report.good for report in reports.values()),
                "organisations": [_report_json(row, report) for row, report in reports.items()],
            }
        )
    else:
        for row, report in reports.items():
            _print_report(row, report)
    if not all(report.good for report in reports.values()):
        raise SystemExit(1)


def _verify_one(
    archive: Archive, row: OrganisationRow, key: VerifierKey | None, remembered: list[Checkpoint]
) -> Report:
    ours = [checkpoint for checkpoint in remembered if checkpoint.origin == row.origin]
    with click.progressbar(length=1, label=row.name, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        return verify_organisation(archive.transactions, archive.vault, row, key, ours, show)


def _of_origin(archive: Archive, remembered: list[Checkpoint]) -> list[OrganisationRow]:
    rows = [row for row in organisations(archive, None) if row.origin == remembered[0].origin]
    if not rows:
        raise BadInput(
            f"The checkpoint is of {remembered[0].origin}, which is none of this archive's organisations.",
            "Bring the checkpoint of one of them; `textarchive checkpoint` prints the newest.",
        )
    return rows


def _report_json(row: OrganisationRow, report: Report) -> dict[str, object]:
    return {
        "organisation": row.name,
        "id": row.public_id,
        "good": report.good,
        "entries": report.entries,
        "records": report.records,
        "purged": report.purged,
        "expired_details": report.expired,
        "lost_entries": report.lost,
        "checkpoints": report.checkpoints,
        "size": report.size,
        "root": report.root.hex(),
        "faults": [{"serial": fault.serial, "what": fault.what} for fault in report.faults],
    }


def _print_report(row: OrganisationRow, report: Report) -> None:
    word = click.style("unchanged", fg="green") if report.good else click.style("CHANGED", fg="red")
    click.echo(
        f"{row.name}: {word}. {report.entries:,} entries, {report.records:,} records, {report.purged:,} purged, "
        f"{report.checkpoints:,} checkpoints; root {report.root.hex()[:16]}… at {report.size:,}."
    )
    if report.lost:
        click.echo(f"  {report.lost:,} entries were lost with a database, as the ledger says; their places are known.")
    for fault in report.faults:
        click.echo(f"  {fault}")


@click.command()
@click.argument("serial", type=click.IntRange(min=1))
@org_option
def proof(serial: int, org: str | None) -> None:
    """Print the proof of message SERIAL; a stranger checks it with `textarchive verify-proof`."""
    with opened() as archive:
        row = organisation(archive, org)
        click.echo(prove_message(archive.transactions, row, OPERATOR, serial), nl=False)


@click.command("verify-proof")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--public-key", required=True, metavar="KEY", help="The archive's public key, or a file with it.")
@as_json
def verify_proof(file: str, public_key: str, as_json: bool) -> None:
    """Check a proof. Needs no database and no network. Exit code 0 if it is good, 1 if not."""
    try:
        with click.open_file(file, encoding="utf-8") as opened_file:
            proven = check_proof(opened_file.read(), public_key_of(public_key))
    except (ProofError, UnicodeDecodeError) as problem:
        if as_json:
            print_json({"good": False, "problem": str(problem)})
        else:
            click.echo(f"NOT PROVEN: {problem}.")
        raise SystemExit(1) from None
    if as_json:
        print_json(
            {
                "good": True,
                "leaf": proven.leaf,
                "record": proven.record,
                "checkpoint": {"origin": proven.checkpoint.origin, "size": proven.checkpoint.size},
            }
        )
    else:
        _print_proven(proven)


def _print_proven(proven: Proven) -> None:
    clear, content = proven.record.get("clear", {}), proven.record.get("content", {})
    click.echo(
        click.style("Proven.", fg="green") + f" Entry {proven.leaf['seq']} of the ledger {proven.checkpoint.origin},"
        f" made {proven.leaf['at']}, is unchanged in the tree of {proven.checkpoint.size:,} entries."
    )
    if "subject" in clear:
        _print_happened(proven.leaf["kind"], clear, content)
        return
    facts = {
        "sent": clear.get("sent_at"),
        "received": clear.get("received_at"),
        "direction": clear.get("direction"),
        "from": content.get("from"),
        "to": ", ".join(content.get("to", [])),
        "text": content.get("text"),
    }
    for name, value in facts.items():
        click.echo(f"  {name:10} {printable(value)}")


def _print_happened(kind: str, clear: dict[str, Any], content: dict[str, Any]) -> None:
    """What an entry that is no text says: who did what to what."""
    facts = {
        "what": kind,
        "by": clear.get("actor"),
        "about": clear.get("subject"),
        **clear.get("detail", {}),
        **content,
    }
    for name, value in facts.items():
        click.echo(f"  {name:10} {visible(printable(value))}")


@click.command()
@org_option
def checkpoint(org: str | None) -> None:
    """Sign and print a checkpoint over everything that is there now. Keep it somewhere out of reach."""
    with opened() as archive:
        row = organisation(archive, org)
        click.echo(bring_up(archive.transactions, row.id, row.origin).note, nl=False)


@click.command()
@org_option
def key(org: str | None) -> None:
    """Print the public key that an organisation's checkpoints are signed with."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            click.echo(str(signer(tx, row.origin).public))


def _remembered(path: Path, key: VerifierKey) -> Checkpoint:
    try:
        return open_checkpoint(path.read_bytes(), key)
    except NoteError as problem:
        raise BadInput(
            f"{path} is not a good checkpoint: {problem}.", "Bring it as `textarchive checkpoint` printed it."
        ) from None
