"""From a name to its location, below the numbers: who says where a number is says a name."""

from archive.core.ids import new_id
from archive.locations import store
from archive.locations.events import LocationAdded, told
from archive.locations.model import Location, Pstn, checked, key_of, texts
from archive.locations.store import LocationNameRow, LocationRow
from archive.tx import Tx


def called(tx: Tx, name: str) -> str:
    """What the location of this name is called now; the name itself where there is none yet."""
    row = store.location_by_name(tx, name) if name.strip() else None
    return row.name if row else name.strip()


def see_to(tx: Tx, name: str) -> None:
    """A new name makes a new location, of which nothing but the name is known."""
    if name and not store.location_by_name(tx, name):
        put(tx, Location(name))


def put(tx: Tx, location: Location, source_id: str | None = None) -> LocationRow:
    """A new one, recorded. The caller has seen to it that the name leads to no other."""
    location = checked(location)
    row = LocationRow(org_id=tx.org_id, id=new_id("loc", tx.now), source_id=source_id, added_at=tx.now)
    write(row, location)
    tx.session.add(row)
    tx.session.flush()  # The location before its name, which refers to it.
    tx.session.add(LocationNameRow(org_id=tx.org_id, name_key=key_of(location.name), location_id=row.id))
    tx.record(LocationAdded(subject=row.id, source_id=source_id, **told(location)))
    return row


def read(row: LocationRow) -> Location:
    return Location(pstn=Pstn(row.pstn) if row.pstn else None, **{name: getattr(row, name) for name in texts()})


def write(row: LocationRow, location: Location) -> None:
    row.pstn = location.pstn
    for name in texts():
        setattr(row, name, getattr(location, name))
