"""What must have come, against what is here."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive.cli.shared import as_json as json_option
from archive.cli.shared import opened, org_option, organisation, print_json, visible
from archive.cli.tables import table_options, take_file
from archive.completeness import importing
from archive.completeness.gap import Gap
from archive.completeness.indexed import position_of
from archive.completeness.model import Cell
from archive.completeness.reading import Completeness, read_completeness
from archive.completeness.recording import acknowledge, acknowledge_day
from archive.completeness.standing import Standing
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(invoke_without_command=True)
@click.option("--number", help="Only this number of ours.")
@click.option("--from", "first", type=DAY, help="The first day; thirty days ago, if it is not said.")
@click.option("--to", "last", type=DAY, help="The last day; today, if it is not said.")
@org_option
@json_option
@click.pass_context
def completeness(
    context: click.Context,
    number: str | None,
    first: datetime | None,
    last: datetime | None,
    org: str | None,
    as_json: bool,
) -> None:
    """Compare, day by day (UTC), how many texts providers carried with how many are here. Exit code 1 if there is a gap
    that nobody has acknowledged."""
    if context.invoked_subcommand:
        return
    with opened() as archive:
        row = organisation(archive, org)
        position = position_of(archive.index, row.id)
        begin, end = (day.date() if day else None for day in (first, last))
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = read_completeness(tx, position, begin, end, number)
    print_json(_data(found)) if as_json else _show(found)
    if found.alarms:
        raise SystemExit(1)


@completeness.command("expect")
@table_options
def expect(file: Path, dry_run: bool, org: str | None, as_json: bool) -> None:
    """Take in a table of how many texts providers carried, with the columns day, provider, account, number, direction
    and count. Without a number a count is of the whole account."""
    take_file(file, importing.read_table, importing.take_table, dry_run=dry_run, org=org, as_json=as_json)


@completeness.command("acknowledge")
@click.argument("gap", required=False)
@click.option("--day", type=DAY, help="In place of GAP: all gaps of this day.")
@click.option("--reason", required=True, help="Why it is no alarm; kept in the ledger.")
@org_option
def acknowledge_gap(gap: str | None, day: datetime | None, reason: str, org: str | None) -> None:
    """Say of GAP that it is known. It stays on record, and is an alarm again if more turns out to be missing."""
    if (gap is None) == (day is None):
        raise click.UsageError("Name a gap, or a day with --day.")
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            count = acknowledge_day(tx, day.date(), reason) if day else 0
            if gap:
                count += acknowledge(tx, gap, reason).is_open
    click.echo(f"Acknowledged: {count:,}.")


def _show(found: Completeness) -> None:
    looked = rfc3339(found.looked_at) if found.looked_at else "never yet: `textarchive jobs run completeness` looks now"
    click.echo(f"{found.first} to {found.last} UTC, closed through {found.closed}; looked at: {looked}")
    for one in found.standings:
        expected = "?" if one.expected is None else f"{one.expected:,}"
        indexed = "?" if one.indexed is None else f"{one.indexed:,}"
        told = f"expected {expected:>9}  stored {one.stored:>9,}  indexed {indexed:>9}  {one.state}"
        click.echo(f"{one.cell.day}  {visible(_whose(one)):40} {one.cell.direction:8}  {told}")
    for gap in found.gaps:
        click.echo(f"{gap.id}  {_words(gap)}")
    shown = sum(gap.is_alarm for gap in found.gaps)
    elsewhere = sum(gaps for gaps, _ in found.alarms.values()) - shown
    if elsewhere:
        click.echo(f"{elsewhere:,} more gaps are about other days or numbers.")


def _whose(one: Standing) -> str:
    return f"{one.cell.provider} {one.cell.number or one.cell.account}"


def _words(gap: Gap) -> str:
    short, cell = gap.short, gap.short.cell
    state = "closed" if not gap.is_open else "alarm" if gap.is_alarm else "acknowledged"
    names = " ".join(name for name in (cell.provider, cell.account, cell.number, cell.direction) if name)
    return visible(f"{cell.day}  {short.cause}: {short.missing:,} of {short.expected:,}  {names}  {state}")


def _data(found: Completeness) -> dict[str, Any]:
    return {
        "from": str(found.first),
        "to": str(found.last),
        "closed_through": str(found.closed),
        "looked_at": rfc3339(found.looked_at) if found.looked_at else None,
        "alarms": {cause.value: {"gaps": gaps, "texts": texts} for cause, (gaps, texts) in found.alarms.items()},
        "days": [_standing(one) for one in found.standings],
        "gaps": [_gap(gap) for gap in found.gaps],
    }


def _standing(one: Standing) -> dict[str, Any]:
    figures = {"expected": one.expected, "stored": one.stored, "indexed": one.indexed}
    return {**_cell(one.cell), **figures, "missing": one.missing, "surplus": one.surplus, "state": one.state.value}


def _gap(gap: Gap) -> dict[str, Any]:
    short = gap.short
    figures = {"expected": short.expected, "stored": short.stored, "indexed": short.indexed, "missing": short.missing}
    said = {"opened_at": gap.opened_at, "closed_at": gap.closed_at, "acknowledged_at": gap.acknowledged_at}
    return {
        "id": gap.id,
        "cause": short.cause.value,
        **_cell(short.cell),
        **figures,
        "serials": [list(pair) for pair in short.serials],
        **{name: rfc3339(at) if at else None for name, at in said.items()},
        "closed_because": gap.because.value if gap.because else None,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    names = {"provider": cell.provider, "account": cell.account, "number": cell.number, "direction": cell.direction}
    return {"day": str(cell.day), **{name: value or None for name, value in names.items()}}
