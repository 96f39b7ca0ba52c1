"""The organisation's own numbers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from archive.access.organisations import OrganisationRow
from archive.campaigns.assigning import set_number_state
from archive.cli.shared import as_json, opened, org_option, organisation, print_json
from archive.cli.tables import table_options, take_file
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput, NotFound
from archive.numbers import actions, store
from archive.numbers.history import Past, Stretch, number_at, past_of
from archive.numbers.importing import take_table
from archive.numbers.model import NumberState
from archive.numbers.moves import ADDED_AS
from archive.numbers.store import NumberRow
from archive.numbers.table import read_table
from archive.tx import Tx

STATES = click.Choice([state.value for state in NumberState if state is not NumberState.REGISTERED])
"""Registered is what a number becomes by its campaign."""

FIRST_STATES = click.Choice([state.value for state in ADDED_AS])
reason_option = click.option("--reason", default="", metavar="WHY", help="Kept with the change. Sealed in the ledger.")


@click.group()
def number() -> None:
    """The organisation's own numbers and their texting state."""


@number.command("add")
@click.argument("e164", metavar="NUMBER")
@click.option("--location", default="", help="Where the number is.")
@click.option("--label", default="", help="What or whom it is for.")
@click.option("--state", type=FIRST_STATES, default=NumberState.UNAUTHORISED.value, show_default=True)
@reason_option
@org_option
@as_json
def add(e164: str, location: str, label: str, state: str, reason: str, org: str | None, as_json: bool) -> None:
    """Add NUMBER, which starts unauthorised unless said otherwise; also one that was released."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            added = actions.add_number(
                tx, e164, location=location, label=label, state=NumberState(state), reason=reason
            )
    _show([added], as_json)


@number.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the numbers."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            rows = list(store.all_numbers(tx))
    _show(rows, as_json)


@number.command("show")
@click.argument("e164", metavar="NUMBER")
@click.option("--at", metavar="MOMENT", help="What it was then: 2026-11-23, or 2026-11-23T09:00:00Z. UTC unless said.")
@org_option
@as_json
def show(e164: str, at: str | None, org: str | None, as_json: bool) -> None:
    """Show NUMBER with its history, or what it was at a moment."""
    moment = _moment(at) if at else None
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            past = past_of(tx, e164)
            then = number_at(tx, past.number.e164, moment) if moment else None
    stretches = [stretch for stretch in past.stretches if not moment or (then and stretch.entry == then.entry)]
    _show_past(past, stretches, moment, as_json)


@number.command("state")
@click.argument("e164", metavar="NUMBER")
@click.argument("state", type=STATES)
@reason_option
@org_option
@as_json
def state(e164: str, state: str, reason: str, org: str | None, as_json: bool) -> None:
    """Set the texting state of NUMBER."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            changed = set_number_state(tx, _found(tx, row, e164).id, NumberState(state), reason)
    _show([changed], as_json)


@number.command("assign")
@click.argument("e164", metavar="NUMBER")
@click.option("--location", help="Where the number is from now on. It has to be authorised anew there.")
@click.option("--label", help="What or whom it is for from now on.")
@reason_option
@org_option
@as_json
def assign(e164: str, location: str | None, label: str | None, reason: str, org: str | None, as_json: bool) -> None:
    """Give NUMBER to another location, another holder, or both."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            changed = actions.assign(tx, _found(tx, row, e164).id, location=location, label=label, reason=reason)
    _show([changed], as_json)


@number.command("import")
@table_options
def import_(file: Path, dry_run: bool, org: str | None, as_json: bool) -> None:
    """Add and change numbers from FILE.csv, with the columns number, location, label, state, reason.

    Only number has to be there. Ends with 1 if a line was refused; the others are taken all the same.
    """
    take_file(file, read_table, take_table, dry_run=dry_run, org=org, as_json=as_json)


def _found(tx: Tx, row: OrganisationRow, e164: str) -> NumberRow:
    found = store.number_by_e164(tx, phone.parse(e164).address)
    if found is None:
        raise NotFound(f"{e164} is not a number of {row.name}.", "`textarchive number list` shows them.")
    return found


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no moment.", "Give it like 2026-11-23 or 2026-11-23T09:00:00Z.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _show_past(past: Past, stretches: list[Stretch], at: datetime | None, as_json: bool) -> None:
    if as_json:
        print_json(
            {"number": past.number.e164, "at": at and rfc3339(at), "history": [_line(each) for each in stretches]}
        )
        return
    click.echo(phone.display(past.number.e164))
    if not stretches:
        click.echo("  It was not one of the numbers yet.")
    for each in stretches:
        until = rfc3339(each.until) if each.until else "now"
        click.echo(f"  {rfc3339(each.since)} to {until:27}  {each.state:14} {each.location}  {each.label}")
        click.echo(f"    by {each.by}, entry {each.entry}" + (f": {each.reason}" if each.reason else ""))
        if each.letter:
            click.echo(f"    rests on letter {each.letter}")


def _line(stretch: Stretch) -> dict[str, Any]:
    return {
        "state": stretch.state.value,
        "location": stretch.location,
        "label": stretch.label,
        "since": rfc3339(stretch.since),
        "until": stretch.until and rfc3339(stretch.until),
        "by": stretch.by,
        "reason": stretch.reason,
        "entry": stretch.entry,
        "letter": stretch.letter,
        "campaign": stretch.campaign,
    }


def _show(rows: list[NumberRow], as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "id": row.id,
                    "number": row.e164,
                    "location": row.location,
                    "label": row.label,
                    "state": row.state,
                }
                for row in rows
            ]
        )
        return
    for row in rows:
        click.echo(f"{phone.display(row.e164):20} {row.state:14} {row.location}  {row.label}")
