"""The organisation's own numbers."""

import click

from archive.cli.shared import as_json, opened, org_option, organisation, print_json
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.core.errors import NotFound
from archive.numbers import actions, store
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow

STATES = click.Choice([state.value for state in NumberState])


@click.group()
def number() -> None:
    """The organisation's own numbers and their texting state."""


@number.command("add")
@click.argument("e164", metavar="NUMBER")
@click.option("--location", default="", help="Where the number is.")
@click.option("--label", default="", help="What or whom it is for.")
@click.option("--state", type=STATES, default=NumberState.UNAUTHORISED.value, show_default=True)
@org_option
@as_json
def add(e164: str, location: str, label: str, state: str, org: str | None, as_json: bool) -> None:
    """Add NUMBER, which starts unauthorised unless said otherwise."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            added = actions.add_number(tx, e164, location=location, label=label, state=NumberState(state))
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


@number.command("state")
@click.argument("e164", metavar="NUMBER")
@click.argument("state", type=STATES)
@org_option
@as_json
def state(e164: str, state: str, org: str | None, as_json: bool) -> None:
    """Set the texting state of NUMBER."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            found = store.number_by_e164(tx, phone.parse(e164).address)
            if found is None:
                raise NotFound(f"{e164} is not a number of {row.name}.", "`textarchive number list` shows them.")
            changed = actions.set_state(tx, found.id, NumberState(state))
    _show([changed], as_json)


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
