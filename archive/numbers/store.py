"""The tables of numbers and of what they were before."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.numbers.model import NumberState
from archive.tx import Prepared, Tx


class NumberRow(OfOrganisation, Base):
    """One own number, in E.164, with its texting state since `since`. `campaign`: which it is on, active or not."""

    __tablename__ = "number"
    __table_args__ = (UniqueConstraint("org_id", "e164"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    e164: Mapped[str]
    location: Mapped[str]
    label: Mapped[str]
    state: Mapped[str]
    since: Mapped[datetime]
    added_at: Mapped[datetime]
    campaign: Mapped[str | None]


class NumberChangeRow(OfOrganisation, Base):
    """All that a number was from `changed_at` on, until its next change. `entry`: the ledger entry of the change."""

    __tablename__ = "number_change"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "number_id"], ["number.org_id", "number.id"], ondelete="RESTRICT"),
    )

    number_id: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    state: Mapped[str]
    location: Mapped[str]
    label: Mapped[str]
    reason: Mapped[str]
    campaign: Mapped[str | None]


def all_numbers(tx: Tx) -> Sequence[NumberRow]:
    return tx.session.scalars(select(NumberRow).order_by(NumberRow.added_at, NumberRow.e164)).all()


def number_by_id(tx: Tx, number_id: str) -> NumberRow | None:
    return tx.session.scalars(select(NumberRow).where(NumberRow.id == number_id)).one_or_none()


def numbers_on(tx: Tx, campaign: str) -> Sequence[NumberRow]:
    """The numbers of a campaign, in their order."""
    return tx.session.scalars(select(NumberRow).where(NumberRow.campaign == campaign).order_by(NumberRow.e164)).all()


def number_by_e164(tx: Tx, e164: str) -> NumberRow | None:
    return tx.session.scalars(select(NumberRow).where(NumberRow.e164 == e164)).one_or_none()


def changes_of(tx: Tx, number_id: str) -> Sequence[NumberChangeRow]:
    """The whole history of a number, newest first."""
    wanted = select(NumberChangeRow).where(NumberChangeRow.number_id == number_id)
    return tx.session.scalars(wanted.order_by(NumberChangeRow.entry.desc())).all()


def change_as_of(tx: Tx, number_id: str, at: datetime) -> NumberChangeRow | None:
    """What the number was at a moment; None before it was added. A clock that was set back doesn't confuse it: of
    several changes up to that moment the one that the ledger has last counts."""
    wanted = select(NumberChangeRow).where(NumberChangeRow.number_id == number_id, NumberChangeRow.changed_at <= at)
    return tx.session.scalars(wanted.order_by(NumberChangeRow.entry.desc()).limit(1)).one_or_none()


_STATES = Prepared(NumberRow, "e164", "state").among("e164")


def states_among(tx: Tx, addresses: Collection[str]) -> dict[str, NumberState]:
    """The state of each of `addresses` that is a number of the organisation's."""
    rows = tx.fetch(_STATES, wanted=list(addresses))
    return {e164: NumberState(state) for e164, state in rows}


def numbers_at(tx: Tx, location: str) -> list[str]:
    """The numbers of a location, by its name in any case."""
    return [row.e164 for row in all_numbers(tx) if row.location.casefold() == location.casefold()]
