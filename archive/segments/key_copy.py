"""The copy of the wrapped keys, apart from database and vault. Each copy replaces the last.

Without it a lost database is lost for good, however much of it is in the vault. And as long as it has a key, nothing
that is sealed under that key is destroyed for good: so it keeps no history, and a purge is final once it was replaced.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access.organisations import OrganisationRow
from archive.core.clock import to_micros
from archive.keys.keyring import DataKeyRow
from archive.segments.days import owner_of
from archive.segments.layout import Owner, WrappedKey, encode_line, read_segment, segment
from archive.tx import Transactions

SUFFIX = ".keys"


class KeyPlace(Protocol):
    """Where copies are kept: a folder, or a bucket without versions."""

    @property
    def place(self) -> str:
        """For people."""
        ...

    def replace(self, name: str, content: bytes) -> None:
        """In place of what there was, whole, on the disk before this returns."""
        ...

    def read(self, name: str) -> bytes | None: ...

    def names(self) -> list[str]: ...

    def keeps_history(self) -> bool:
        """Whether what was replaced can still be got at."""
        ...


@dataclass(frozen=True, slots=True)
class KeyCopy:
    """All keys of an organisation, destroyed ones too; those have nothing in `wrapped`."""

    owner: Owner
    keys: tuple[WrappedKey, ...]


def copy_keys(transactions: Transactions, place: KeyPlace, organisation: OrganisationRow) -> bool:
    """Make the copy what the database says; whether it was anything else before."""
    changed = False
    # Somebody may destroy a key while this is being written: then what was written is replaced at once.
    while (content := _content(transactions, organisation)) != place.read(_name(organisation)):
        place.replace(_name(organisation), content)
        changed = True
    return changed


def is_final(place: KeyPlace, organisation: OrganisationRow, key_id: int) -> bool:
    """Whether a destroyed key is in no copy any more: then nobody can ever open again what was sealed under it."""
    content = place.read(_name(organisation))
    known = _read(_name(organisation), content).keys if content else ()
    return not place.keeps_history() and all(key.wrapped is None for key in known if key.id == key_id)


def read_copies(place: KeyPlace) -> list[KeyCopy]:
    return [_read(name, content) for name in place.names() if (content := place.read(name))]


def merged(copies: Iterable[KeyCopy]) -> list[KeyCopy]:
    """One for each organisation, from several places. A key that is destroyed in any of them is destroyed."""
    owners: dict[str, Owner] = {}
    keys: dict[str, dict[int, WrappedKey]] = {}
    for copy in copies:
        known = keys.setdefault(copy.owner.public_id, {})
        owners[copy.owner.public_id] = copy.owner
        for key in copy.keys:
            if key.id not in known or key.wrapped is None:
                known[key.id] = key
    return [KeyCopy(owner, tuple(keys[public_id].values())) for public_id, owner in owners.items()]


def _name(organisation: OrganisationRow) -> str:
    return organisation.public_id + SUFFIX


def _read(name: str, content: bytes) -> KeyCopy:
    read = read_segment(name, content)
    return KeyCopy(read.header.organisation, tuple(line for line in read if isinstance(line, WrappedKey)))


def _content(transactions: Transactions, organisation: OrganisationRow) -> bytes:
    with transactions.glance() as session:
        lines = [encode_line(key) for key in _keys(session, organisation.id)]
    return segment("keys", owner_of(organisation), lines)


def _keys(session: Session, org_id: int) -> Iterator[WrappedKey]:
    rows = select(DataKeyRow).where(DataKeyRow.org_id == org_id).order_by(DataKeyRow.made_at, DataKeyRow.id)
    for row in session.scalars(rows):
        destroyed_at = to_micros(row.destroyed_at) if row.destroyed_at else None
        yield WrappedKey(row.id, row.purpose, row.period, row.wrapped, to_micros(row.made_at), destroyed_at)
