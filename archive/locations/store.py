"""The tables of locations, and of every name that one has had."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.locations.model import key_of
from archive.tx import Tx


class LocationRow(OfOrganisation, Base):
    """What is known of a location; a text is empty where nothing is. `source_id`: its id at the provider."""

    __tablename__ = "location"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    street: Mapped[str]
    city: Mapped[str]
    region: Mapped[str]
    postal_code: Mapped[str]
    country: Mapped[str]
    pstn: Mapped[str | None]
    main_number: Mapped[str]
    source_id: Mapped[str | None]
    added_at: Mapped[datetime]


class LocationNameRow(OfOrganisation, Base):
    """A name that a location has or had. It leads to no other for ever, since holds and policies may go by it."""

    __tablename__ = "location_name"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "location_id"], ["location.org_id", "location.id"], ondelete="RESTRICT"),
    )

    name_key: Mapped[str] = mapped_column(primary_key=True)
    location_id: Mapped[str]


def all_locations(tx: Tx) -> Sequence[LocationRow]:
    rows = tx.session.scalars(select(LocationRow)).all()
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


def location_by_id(tx: Tx, location_id: str) -> LocationRow | None:
    return tx.session.scalars(select(LocationRow).where(LocationRow.id == location_id)).one_or_none()


def location_by_name(tx: Tx, name: str) -> LocationRow | None:
    """By a name that it has or had, in any case."""
    wanted = select(LocationRow).join(LocationNameRow, LocationNameRow.location_id == LocationRow.id)
    return tx.session.scalars(wanted.where(LocationNameRow.name_key == key_of(name))).one_or_none()


def keys_of(tx: Tx, location_id: str) -> set[str]:
    """All names that lead to it."""
    wanted = select(LocationNameRow.name_key).where(LocationNameRow.location_id == location_id)
    return set(tx.session.scalars(wanted))
