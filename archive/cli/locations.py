"""The organisation's locations."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.cli.tables import table_options, take_file
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.locations import importing, store
from archive.locations.actions import add_location, change_location, found_by_name
from archive.locations.model import Location, Pstn
from archive.locations.naming import read
from archive.locations.store import LocationRow

Command = Callable[..., Any]

_ABOUT = {
    "street": "Street and house number.",
    "city": "City.",
    "region": "State or province.",
    "postal-code": "Postal code.",
    "country": "Country by its two letters, like US or CA.",
    "main-number": "Main telephone number.",
}


@click.group()
def location() -> None:
    """The organisation's locations: where its numbers are."""


def _details(command: Command) -> Command:
    for name, about in reversed(_ABOUT.items()):
        command = click.option(f"--{name}", help=about)(command)
    kinds = click.Choice([kind.value for kind in Pstn])
    return click.option("--pstn", type=kinds, help="Whose way into the telephone network it is.")(command)


@location.command("add")
@click.argument("name")
@_details
@org_option
@as_json
def add(name: str, org: str | None, as_json: bool, **details: str | None) -> None:
    """Add the location NAME. What is left out is not known."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            added = add_location(tx, Location(name, **_said(details)))
    _show([added], as_json)


@location.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the locations."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            rows = list(store.all_locations(tx))
    _show(rows, as_json)


@location.command("change")
@click.argument("name")
@click.option("--name", "new_name", help="What it is called from now on. Its former name goes on leading to it.")
@_details
@org_option
@as_json
def change(name: str, new_name: str | None, org: str | None, as_json: bool, **details: str | None) -> None:
    """Change what is known of the location NAME; an empty text forgets it."""
    said = _said(details) | ({"name": new_name} if new_name is not None else {})
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            changed = change_location(tx, found_by_name(tx, name).id, **said)
    _show([changed], as_json)


@location.command("import")
@table_options
def import_(file: Path, dry_run: bool, org: str | None, as_json: bool) -> None:
    """Add and change locations from FILE.csv: name, street, city, region, postal_code, country, pstn, main_number.

    Only name has to be there. Ends with 1 if a line was refused; the others are taken all the same.
    """
    take_file(file, importing.read_table, importing.take_table, dry_run=dry_run, org=org, as_json=as_json)


def _said(details: dict[str, str | None]) -> dict[str, Any]:
    said: dict[str, Any] = {name: value for name, value in details.items() if value is not None}
    return said | ({"pstn": Pstn(said["pstn"])} if "pstn" in said else {})


def _show(rows: list[LocationRow], as_json: bool) -> None:
    if as_json:
        print_json([{"id": row.id, **asdict(read(row))} for row in rows])
        return
    for row in rows:
        place = ", ".join(part for part in (row.street, row.city, row.region, row.postal_code, row.country) if part)
        number = phone.display(row.main_number) if row.main_number else ""
        click.echo(f"{visible(row.name):24} {row.pstn or '-':14} {number:18} {visible(place)}".rstrip())
