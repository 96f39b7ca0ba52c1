"""The tables of orders and of what somebody is about to order, and every statement on them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.tx import Tx

DRAFTS_KEPT = timedelta(days=30)


class AuthorisationDraftRow(OfOrganisation, Base):
    """What a person is about to order; one each. Nothing has happened yet, so no ledger tells of it."""

    __tablename__ = "authorisation_draft"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "person_id"], ["person.org_id", "person.id"], ondelete="RESTRICT"),
        {"info": BOOKKEEPING},
    )

    person_id: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    touched_at: Mapped[datetime]


class AuthorisationOrderRow(OfOrganisation, Base):
    """One order, which never changes. `draft`: what it was made of, so that it is placed once."""

    __tablename__ = "authorisation_order"
    __table_args__ = (UniqueConstraint("org_id", "draft"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    draft: Mapped[str]
    entry: Mapped[int]
    placed_at: Mapped[datetime]
    placed_by: Mapped[str]
    location: Mapped[str]
    letter: Mapped[str | None]


class AuthorisationOrderNumberRow(OfOrganisation, Base):
    """A number of an order. `by_letter`: it needed the order's letter."""

    __tablename__ = "authorisation_order_number"
    __table_args__ = (
        ForeignKeyConstraint(
            ["org_id", "order_number"],
            ["authorisation_order.org_id", "authorisation_order.number"],
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(["org_id", "number_id"], ["number.org_id", "number.id"], ondelete="RESTRICT"),
    )

    order_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number_id: Mapped[str] = mapped_column(primary_key=True)
    by_letter: Mapped[bool]


def draft_row(tx: Tx, person_id: str) -> AuthorisationDraftRow | None:
    wanted = select(AuthorisationDraftRow).where(AuthorisationDraftRow.person_id == person_id)
    return tx.session.scalars(wanted).one_or_none()


def forget_draft(tx: Tx, person_id: str) -> None:
    """And those that nobody has touched for a month."""
    old = AuthorisationDraftRow.touched_at < tx.now - DRAFTS_KEPT
    tx.session.execute(
        delete(AuthorisationDraftRow).where((AuthorisationDraftRow.person_id == person_id) | old),
        execution_options={"synchronize_session": "fetch"},
    )


def next_number(tx: Tx) -> int:
    """Under the lock of the ledger's head, so that no two orders have the same."""
    return (tx.session.scalar(select(func.max(AuthorisationOrderRow.number))) or 0) + 1


def newest_orders(tx: Tx, limit: int) -> Sequence[AuthorisationOrderRow]:
    newest = select(AuthorisationOrderRow).order_by(AuthorisationOrderRow.number.desc()).limit(limit)
    return tx.session.scalars(newest).all()


def order_row(tx: Tx, number: int) -> AuthorisationOrderRow | None:
    return tx.session.scalars(select(AuthorisationOrderRow).where(AuthorisationOrderRow.number == number)).one_or_none()


def order_of_draft(tx: Tx, draft: str) -> AuthorisationOrderRow | None:
    return tx.session.scalars(select(AuthorisationOrderRow).where(AuthorisationOrderRow.draft == draft)).one_or_none()


def numbers_ordered(tx: Tx, number: int) -> Sequence[AuthorisationOrderNumberRow]:
    wanted = select(AuthorisationOrderNumberRow).where(AuthorisationOrderNumberRow.order_number == number)
    return tx.session.scalars(wanted).all()
