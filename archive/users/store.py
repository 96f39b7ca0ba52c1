"""The table of the users of the telephone system."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.tx import Tx
from archive.users.model import key_of


class UserRow(OfOrganisation, Base):
    """Texts are empty where nothing is known. `source_id`: the user's id at the provider. None is ever deleted."""

    __tablename__ = "phone_user"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "location_id"], ["location.org_id", "location.id"], ondelete="RESTRICT"),
        Index("ix_phone_user_name_key", "org_id", "name_key"),
        Index("ix_phone_user_email", "org_id", "email"),
        Index("ix_phone_user_primary_number", "org_id", "primary_number"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str]
    email: Mapped[str]
    location_id: Mapped[str | None]
    primary_number: Mapped[str]
    extension: Mapped[str]
    source_id: Mapped[str | None]
    added_at: Mapped[datetime]


def all_users(tx: Tx) -> Sequence[UserRow]:
    return tx.session.scalars(select(UserRow).order_by(UserRow.name_key, UserRow.id)).all()


def user_by_id(tx: Tx, user_id: str) -> UserRow | None:
    return tx.session.scalars(select(UserRow).where(UserRow.id == user_id)).one_or_none()


def user_by_email(tx: Tx, email: str) -> UserRow | None:
    return tx.session.scalars(select(UserRow).where(UserRow.email == email.strip().lower())).one_or_none()


def users_called(tx: Tx, name: str) -> Sequence[UserRow]:
    """In any case; two may have one name."""
    return tx.session.scalars(select(UserRow).where(UserRow.name_key == key_of(name))).all()


def users_with_primary(tx: Tx, e164: str) -> Sequence[UserRow]:
    return tx.session.scalars(select(UserRow).where(UserRow.primary_number == e164)).all()
