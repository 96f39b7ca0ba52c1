"""The recovery copy of the master key."""

import click

from archive.cli.shared import opened
from archive.core.errors import BadInput
from archive.keys import recovery as copies
from archive.wiring import Archive, read_master


@click.group()
def recovery() -> None:
    """The recovery copy of the master key, without which a lost key means lost texts."""


@recovery.command()
def show() -> None:
    """Print the master key, to be written or printed on paper and locked away."""
    with opened() as archive:
        click.echo(copies.printable(_master(archive)))


@recovery.command()
def confirm() -> None:
    """Type the copy in again, to show that it is right; `doctor` then stops asking."""
    with opened() as archive:
        master = _master(archive)
        typed = click.prompt("Master key from the copy", hide_input=True)
        with archive.transactions.across() as session:
            copies.confirm(session, master, typed, archive.clock())
    click.echo("Confirmed: the copy is right.")


def _master(archive: Archive) -> bytes:
    master = read_master(archive.settings)
    if master is None:
        raise BadInput("The keys are wrapped by AWS KMS.", "KMS keeps the master key; there is nothing to copy.")
    return master
