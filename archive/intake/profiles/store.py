"""The table of profiles. Names, columns and values may name somebody, so they are sealed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.errors import Damaged
from archive.db.base import Base, OfOrganisation
from archive.intake.files.model import Mapping
from archive.keys.keyring import SAVED
from archive.ledger.entry import encode
from archive.tx import Tx


class ImportProfileRow(OfOrganisation, Base):
    """`sealed` holds `Said`."""

    __tablename__ = "import_profile"

    id: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Said(msgspec.Struct, frozen=True):
    name: str
    mapping: Mapping


_decode = msgspec.json.Decoder(Said).decode


def all_profiles(tx: Tx) -> Sequence[ImportProfileRow]:
    return tx.session.scalars(select(ImportProfileRow).order_by(ImportProfileRow.id)).all()


def profile_by_id(tx: Tx, profile_id: str) -> ImportProfileRow | None:
    return tx.session.scalars(select(ImportProfileRow).where(ImportProfileRow.id == profile_id)).one_or_none()


def remove_profile_row(tx: Tx, profile_id: str) -> None:
    tx.session.execute(delete(ImportProfileRow).where(ImportProfileRow.id == profile_id))


def put_said(tx: Tx, row: ImportProfileRow, said: Said) -> None:
    """Seal it into the row, which is the only one that it opens in."""
    key = tx.key(SAVED)
    row.key_id, row.sealed = key.id, key.seal(encode(said), _place(row))


def said_in(tx: Tx, row: ImportProfileRow) -> Said:
    key = tx.keyring.by_id(tx.session, row.org_id, row.key_id)
    if key is None:
        raise Damaged(f"The key of the profile {row.id} is destroyed, but the profile is still here.")
    return _decode(key.open(row.sealed, _place(row)))


def _place(row: ImportProfileRow) -> bytes:
    return f"{row.org_id}:{row.id}".encode()
