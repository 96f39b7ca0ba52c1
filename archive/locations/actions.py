"""Adding and changing locations."""

from dataclasses import replace
from typing import Any

from archive.core.errors import Conflict, NotFound
from archive.locations import store
from archive.locations.events import LocationChanged, told
from archive.locations.model import Location, checked, key_of
from archive.locations.naming import put, read, write
from archive.locations.store import LocationNameRow, LocationRow
from archive.numbers.actions import follow_name
from archive.tx import Tx


def add_location(tx: Tx, location: Location, source_id: str | None = None) -> LocationRow:
    """Raises `Conflict` if the name leads to one already."""
    location = checked(location)
    _check_free(tx, location.name, None)
    return put(tx, location, source_id)


def change_location(tx: Tx, location_id: str, source_id: str | None = None, **changes: Any) -> LocationRow:
    """`changes`: fields of `Location`; what is left out stays as it is.

    A location that gets another name is the same one: its numbers stay authorised, and its former name goes on leading
    to it. `source_id` is remembered, should the location have none.
    """
    row = found(tx, location_id)
    before = read(row)
    after = checked(replace(before, **changes))
    learns = bool(source_id and row.source_id != source_id)
    if after == before and not learns:
        return row
    _check_free(tx, after.name, row.id)
    row.source_id = source_id or row.source_id
    write(row, after)
    renamed = before.name if after.name != before.name else None
    event = LocationChanged(subject=row.id, before=renamed, source_id=row.source_id, **told(after))
    entry = tx.record(event)
    if renamed:
        _lead(tx, after.name, row)
        follow_name(tx, before.name, after.name, entry)
    return row


def found(tx: Tx, location_id: str) -> LocationRow:
    row = store.location_by_id(tx, location_id)
    if row is None:
        raise NotFound(f"There is no location {location_id}.", "`/locations` lists those that there are.")
    return row


def found_by_name(tx: Tx, name: str) -> LocationRow:
    row = store.location_by_name(tx, name)
    if row is None:
        raise NotFound(f"There is no location {name!r}.", "`textarchive location list` shows those that there are.")
    return row


def _check_free(tx: Tx, name: str, location_id: str | None) -> None:
    other = store.location_by_name(tx, name)
    if other and other.id != location_id:
        called = "" if other.name.casefold() == name.casefold() else f", as {other.name} was called before"
        raise Conflict(f"There is a location {name} already{called}.", "Change that one, or choose another name.")


def _lead(tx: Tx, name: str, row: LocationRow) -> None:
    if key_of(name) not in store.keys_of(tx, row.id):
        tx.session.add(LocationNameRow(org_id=tx.org_id, name_key=key_of(name), location_id=row.id))
