"""Who uses the organisation's numbers."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.cli.tables import table_options, take_file
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.users import importing
from archive.users.actions import add_user, change_user, found_by
from archive.users.holding import read, read_all
from archive.users.model import User
from archive.users.store import UserRow

Command = Callable[..., Any]

_ABOUT = {
    "email": "E-mail address.",
    "location": "Name of the location. A new name makes a new location.",
    "primary-number": "Primary number, one of the organisation's. It is assigned to them from then on.",
    "extension": "Extension.",
}


@click.group()
def user() -> None:
    """Who uses the organisation's numbers. Who signs in to the archive is somebody else."""


def _details(command: Command) -> Command:
    for name, about in reversed(_ABOUT.items()):
        command = click.option(f"--{name}", help=about)(command)
    return command


@user.command("add")
@click.argument("name")
@_details
@org_option
@as_json
def add(name: str, org: str | None, as_json: bool, **details: str | None) -> None:
    """Add the user NAME. What is left out is not known."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            added = add_user(tx, User(name, **_said(details)))
            shown = [_shown(added, read(tx, added))]
    _show(shown, as_json)


@user.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the users."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            shown = [_shown(row, user) for row, user in read_all(tx)]
    _show(shown, as_json)


@user.command("change")
@click.argument("who", metavar="USER")
@click.option("--name", help="What they are called from now on.")
@_details
@org_option
@as_json
def change(who: str, org: str | None, as_json: bool, **details: str | None) -> None:
    """Change what is known of USER, by e-mail address, name or id; an empty text forgets it."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            changed = change_user(tx, found_by(tx, who).id, **_said(details))
            shown = [_shown(changed, read(tx, changed))]
    _show(shown, as_json)


@user.command("import")
@table_options
def import_(file: Path, dry_run: bool, org: str | None, as_json: bool) -> None:
    """Add and change users from FILE.csv: name, email, location, primary_number, extension.

    Only name has to be there. Ends with 1 if a line was refused; the others are taken all the same.
    """
    take_file(file, importing.read_table, importing.take_table, dry_run=dry_run, org=org, as_json=as_json)


def _said(details: dict[str, str | None]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value is not None}


def _shown(row: UserRow, user: User) -> dict[str, str]:
    return {"id": row.id, **asdict(user)}


def _show(users: list[dict[str, str]], as_json: bool) -> None:
    if as_json:
        print_json(users)
        return
    for each in users:
        number = phone.display(each["primary_number"]) if each["primary_number"] else "-"
        rest = f"{each['extension']:8} {visible(each['email'])}  {visible(each['location'])}"
        click.echo(f"{visible(each['name']):24} {number:18} {rest}".rstrip())
