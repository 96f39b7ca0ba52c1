"""Authorising numbers that need no letter. Signing for one that needs one is a person's, at the page."""

from dataclasses import asdict
from typing import Any

import click

from archive.authorising.choosing import candidates
from archive.authorising.model import Draft, Order
from archive.authorising.ordering import newest_orders, place_order
from archive.cli.shared import as_json, opened, org_option, organisation, print_json, printable
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.ids import new_id
from archive.letters.drafting import numbers_of

location_option = click.option("--location", default="", help="Its name; without it, numbers that have no location.")


@click.group()
def authorise() -> None:
    """Which numbers can be authorised, and orders that do it. The page `/authorise` also has letters signed."""


@authorise.command("candidates")
@location_option
@org_option
@as_json
def candidates_(location: str, org: str | None, as_json: bool) -> None:
    """List the numbers of a location, with why those can't be authorised that can't."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = [
                {"number": one.row.e164, "state": one.row.state, **asdict(one.verdict)}
                for one in candidates(tx, location)
            ]
    if as_json:
        print_json(found)
        return
    for one in found:
        can = "needs a letter" if one["needs_letter"] else "can be authorised"
        said = can if one["offered"] else f"{one['because']} {one['next_step']}"
        click.echo(f"{phone.display(one['number']):20} {one['state']:14} {printable(said)}")


@authorise.command("order")
@click.argument("numbers", metavar="NUMBER…", nargs=-1, required=True)
@location_option
@org_option
@as_json
def order(numbers: tuple[str, ...], location: str, org: str | None, as_json: bool) -> None:
    """Authorise NUMBERs that need no letter, all of them or none."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            placed = place_order(tx, Draft(new_id("drf", tx.now), location, numbers_of(numbers)))
    print_json(_data(placed)) if as_json else _show(placed)


@authorise.command("orders")
@org_option
@as_json
def orders(org: str | None, as_json: bool) -> None:
    """List the newest orders."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = newest_orders(tx)
    if as_json:
        print_json([_data(one) for one in found])
        return
    for one in found:
        _show(one)


def _show(order: Order) -> None:
    numbers = ", ".join(map(phone.display, order.numbers))
    click.echo(f"{order.name}  {rfc3339(order.placed_at)}  {printable(order.location or '-')}  {numbers}")


def _data(order: Order) -> dict[str, Any]:
    return {
        **asdict(order),
        "name": order.name,
        "placed_at": rfc3339(order.placed_at),
        "by_letter": sorted(order.by_letter),
    }
