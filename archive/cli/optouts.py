"""Opt-outs: who may not be texted, what was sent in spite of it, and what waits for a person."""

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive.cli.shared import as_json, opened, org_option, organisation, print_json
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput
from archive.optouts import managing, reading
from archive.optouts.csv_lists import export_csv, import_csv

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def optout() -> None:
    """Who asked not to be texted, and what went out after that."""


@optout.command("list")
@click.option("--violations", is_flag=True, help="List the texts that went out after an opt-out instead.")
@org_option
@as_json
def list_(violations: bool, org: str | None, as_json: bool) -> None:
    """List the opt-outs in force, newest first."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found: list[Any] = reading.list_violations(tx) if violations else list(reading.list_opt_outs(tx))
    if as_json:
        print_json([as_data(one) for one in found])
        return
    for one in found:
        number = phone.display(one.own_number) if one.own_number else "every number"
        said = f"{phone.display(one.party):20} to {number:20} {rfc3339(one.said_at)}"
        if violations:
            click.echo(f"#{one.serial}  {said}  {one.days} business days after{', LATE' if one.late else ''}")
        else:
            click.echo(f"{one.entry:>8}  {said}  by {one.how}")


@optout.command("add")
@click.argument("party")
@click.option("--number", default="", help="Own number that it is about (default: every one).")
@click.option("--note", required=True, metavar="WHY", help="How you know. Sealed.")
@click.option("--at", metavar="TIME", help="When it was said, like 2026-11-23T15:00:00Z (default: now).")
@org_option
@as_json
def add(party: str, number: str, note: str, at: str | None, org: str | None, as_json: bool) -> None:
    """Note that PARTY asked, in another way than by text, not to be texted."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            change = managing.add_opt_out(tx, party, own_number=number, note=note, said_at=_time(at))
            added = reading.read_opt_out(tx, change.entry)
    print_json(as_data(added)) if as_json else click.echo(f"{added.entry}: honour it by {added.due_on}.")


@optout.command("withdraw")
@click.argument("entry", type=click.IntRange(1))
@click.option("--note", required=True, metavar="WHY", help="How you know. Sealed.")
@org_option
def withdraw(entry: int, note: str, org: str | None) -> None:
    """End the opt-out ENTRY, since whoever it is said so in another way than by text."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            managing.withdraw(tx, entry, note)
    click.echo("They may be texted again.")


@optout.command("reach")
@click.argument("reach", type=click.Choice(["number", "organisation"]))
@org_option
def reach(reach: str, org: str | None) -> None:
    """Say whether an opt-out from one number is one from all of the organisation's."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            managing.set_reach(tx, everywhere=reach == "organisation")
    click.echo(
        f"An opt-out counts for the {'whole organisation' if reach == 'organisation' else 'number it is said to'}."
    )


@optout.command("suspicions")
@click.option("--confirm", type=click.IntRange(1), metavar="SERIAL", help="Take this text for what it may mean.")
@click.option("--dismiss", type=click.IntRange(1), metavar="SERIAL", help="This text means nothing of the kind.")
@org_option
@as_json
def suspicions(confirm: int | None, dismiss: int | None, org: str | None, as_json: bool) -> None:
    """List the texts that may be an opt-out and wait for a person; decide about one."""
    with opened() as archive:
        row = organisation(archive, org)
        for serial, confirmed in ((confirm, True), (dismiss, False)):
            if serial:
                with archive.transactions.write(row.id, OPERATOR) as tx:
                    managing.decide(tx, serial, confirmed=confirmed)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = reading.list_suspicions(tx)
    if as_json:
        print_json([as_data(one) for one in found])
        return
    for one in found:
        click.echo(f"#{one.serial}  may be an {one.means}  {phone.display(one.party)}  honour it by {one.due_on}")


@optout.command("import")
@click.argument("file", type=FILE)
@org_option
@as_json
def import_(file: Path, org: str | None, as_json: bool) -> None:
    """Import opt-outs from the CSV FILE; again changes nothing."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"{file} can't be read: {fault}.", "Give a CSV file in UTF-8.") from None
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            done = import_csv(tx, text)
    if as_json:
        print_json(dataclasses.asdict(done))
        return
    click.echo(f"{done.new:,} new, {done.known:,} known already, {done.wrong:,} that can't be read.")
    for line, problem in done.problems:
        click.echo(f"  line {line}: {problem}")


@optout.command("export")
@click.argument("file", type=FILE)
@org_option
def export(file: Path, org: str | None) -> None:
    """Export everything that was said to the CSV FILE."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            text = export_csv(tx)
    file.write_text(text, "utf-8", newline="")
    click.echo(f"{file} is written.")


def as_data(one: Any) -> Any:
    return json.loads(json.dumps(dataclasses.asdict(one), default=_plain))


def _plain(value: Any) -> str:
    return rfc3339(value) if isinstance(value, datetime) else str(value)


def _time(at: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(at) if at else None
    except ValueError:
        raise BadInput(f"{at!r} is no time.", "Write it like 2026-11-23T15:00:00Z.") from None
