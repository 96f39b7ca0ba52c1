"""The locations that Webex has."""

from dataclasses import asdict
from functools import partial

from archive.locations import store
from archive.locations.actions import add_location, change_location
from archive.locations.model import Location
from archive.locations.naming import read
from archive.locations.store import LocationRow
from archive.tx import Tx
from archive.webex.model import Said, SaidLocation
from archive.webex.steps import Outcome, Steps, compared

LOCATION = "location"


def take_locations(tx: Tx, said: Said, steps: Steps) -> None:
    known = {row.source_id: row for row in store.all_locations(tx) if row.source_id}
    for one in said.locations:
        steps.take(LOCATION, one.name, partial(_take, tx, one, known.get(one.source_id)))
    there = {one.source_id for one in said.locations}
    for source_id, row in known.items():
        if source_id not in there:
            steps.note(LOCATION, row.name, Outcome.VANISHED, "Webex has no such location any more.")


def names_of(tx: Tx) -> dict[str, str]:
    """Source id → what the location is called here."""
    return {row.source_id: row.name for row in store.all_locations(tx) if row.source_id}


def _take(tx: Tx, one: SaidLocation, row: LocationRow | None) -> tuple[Outcome, str]:
    row = row or _named(tx, one.name)
    if row is None:
        add_location(tx, Location(one.name, **one.known), one.source_id)
        return Outcome.ADDED, ""
    before = asdict(read(row))
    change_location(tx, row.id, one.source_id, name=one.name, **one.known)
    return compared(before, asdict(read(row)))


def _named(tx: Tx, name: str) -> LocationRow | None:
    """One of this name that is not yet known to be Webex's."""
    row = store.location_by_name(tx, name)
    return row if row and row.source_id is None else None
