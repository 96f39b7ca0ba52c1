"""The table of saved searches. Name and words may name people, so they are sealed like the words of every search."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.canonical import parse_json
from archive.core.errors import Damaged
from archive.db.base import Base, OfOrganisation
from archive.keys.keyring import SAVED
from archive.ledger.entry import encode
from archive.tx import Tx


class SavedSearchRow(OfOrganisation, Base):
    """`sealed` holds `Words`. `owner` is an actor as the ledger writes it."""

    __tablename__ = "saved_search"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    shared: Mapped[bool]
    sorting: Mapped[str]
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Words(msgspec.Struct, frozen=True):
    name: str
    query: str


def all_saved(tx: Tx) -> Sequence[SavedSearchRow]:
    return tx.session.scalars(select(SavedSearchRow).order_by(SavedSearchRow.id)).all()


def saved_by_id(tx: Tx, saved_id: str) -> SavedSearchRow | None:
    return tx.session.scalars(select(SavedSearchRow).where(SavedSearchRow.id == saved_id)).one_or_none()


def remove_saved(tx: Tx, saved_id: str) -> None:
    tx.session.execute(delete(SavedSearchRow).where(SavedSearchRow.id == saved_id))


def put_words(tx: Tx, row: SavedSearchRow, words: Words) -> None:
    """Seal them into the row, which is the only one that they open in."""
    key = tx.key(SAVED)
    row.key_id, row.sealed = key.id, key.seal(encode(words), _place(row))


def words_of(tx: Tx, row: SavedSearchRow) -> Words:
    key = tx.keyring.by_id(tx.session, row.org_id, row.key_id)
    if key is None:
        raise Damaged(f"The key of the saved search {row.id} is destroyed, but the search is still here.")
    return Words(**parse_json(key.open(row.sealed, _place(row))))


def _place(row: SavedSearchRow) -> bytes:
    return f"{row.org_id}:{row.id}".encode()
