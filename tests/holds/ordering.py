"""Orders for holds, and texts for them, each an ordinary one unless a test says otherwise."""

from typing import Any

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR, Actor
from archive.holds.describing import Parts, describe
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, Placed, place_hold
from archive.holds.releasing import approve_release, ask_release, release_effect
from archive.holds.store import holds_over, serials_under
from archive.wiring import Archive
from tests.items import line, take_in

DANA, LEE = Actor("person", "per_dana"), Actor("person", "per_lee")


def order(query: str = "", **changes: Any) -> HoldOrder:
    predicate = changes.pop("predicate", Predicate(query))
    return HoldOrder(
        **{"matter": "Miller v. Harbour", "predicate": predicate, "reason": "Letter of counsel", **changes}
    )


def hold(archive: Archive, organisation: OrganisationRow, query: str = "", **changes: Any) -> Placed:
    return place_hold(archive, organisation.id, DANA, order(query, **changes))


def under(archive: Archive, organisation: OrganisationRow, hold_id: str) -> list[int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return serials_under(tx, hold_id)


def held(archive: Archive, organisation: OrganisationRow, serials: list[int]) -> list[int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return sorted(holds_over(tx, serials))


def conversation_of(archive: Archive, organisation: OrganisationRow, serial: int) -> Predicate:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return describe(tx, Parts(conversation_of=serial))


def texts(archive: Archive, organisation: OrganisationRow, *changes: dict[str, Any]) -> list[int]:
    """The serial of each; texts differ from the ordinary one by what is given."""
    lines = [line(f"SM{number}-{len(change)}-{hash(str(change))}", **change) for number, change in enumerate(changes)]
    return [outcome.serial or 0 for outcome in take_in(archive, organisation.id, *lines)]


def release(archive: Archive, organisation: OrganisationRow, hold_id: str) -> int:
    """By two people; how many texts it freed."""
    with archive.transactions.write(organisation.id, DANA) as tx:
        ask_release(tx, hold_id, "The matter is closed")
    with archive.transactions.write(organisation.id, LEE) as tx:
        return approve_release(tx, hold_id, release_effect(tx, hold_id).freed).freed
