"""The tables of numbers and of what they were before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.locations.model import key_of
from archive.locations.store import keys_of, location_by_name
from archive.numbers.model import NumberState
from archive.tx import Prepared, Tx


class NumberRow(OfOrganisation, Base):
    """One own number, in E.164, with its texting state since `since`. `label`: whom it is assigned to, who is the user
    `user_id`, should there be one. `letter`: what its authorisation rests on. `campaign`: which it is on.
    """

    __tablename__ = "number"
    __table_args__ = (UniqueConstraint("org_id", "e164"), Index("ix_number_e164", "e164"))

    id: Mapped[str] = mapped_column(primary_key=True)
    e164: Mapped[str]
    location: Mapped[str]
    label: Mapped[str]
    state: Mapped[str]
    user_id: Mapped[str | None]
    since: Mapped[datetime]
    added_at: Mapped[datetime]
    letter: Mapped[str | None]
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
    user_id: Mapped[str | None]
    reason: Mapped[str]
    letter: Mapped[str | None]
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


def numbers_held(tx: Tx, user_id: str) -> Sequence[NumberRow]:
    """What a user holds, without what is released."""
    wanted = select(NumberRow).where(NumberRow.user_id == user_id, NumberRow.state != NumberState.RELEASED)
    return tx.session.scalars(wanted.order_by(NumberRow.added_at, NumberRow.e164)).all()


def nobodys_numbers(tx: Tx, label: str) -> Sequence[NumberRow]:
    """Numbers that are assigned to a name which is no user's."""
    wanted = select(NumberRow).where(NumberRow.user_id.is_(None), func.lower(NumberRow.label) == label.lower())
    return tx.session.scalars(wanted.where(NumberRow.state != NumberState.RELEASED)).all()


def numbers_ever_held(tx: Tx, user_id: str) -> set[str]:
    """The ids of numbers that a user holds or held."""
    wanted = select(NumberChangeRow.number_id).where(NumberChangeRow.user_id == user_id)
    return set(tx.session.scalars(wanted.distinct()))


def changes_of(tx: Tx, number_id: str) -> Sequence[NumberChangeRow]:
    """The whole history of a number, newest first."""
    wanted = select(NumberChangeRow).where(NumberChangeRow.number_id == number_id)
    return tx.session.scalars(wanted.order_by(NumberChangeRow.entry.desc())).all()


def change_as_of(tx: Tx, number_id: str, at: datetime) -> NumberChangeRow | None:
    """What the number was at a moment; None before it was added. A clock that was set back doesn't confuse it: of
    several changes up to that moment the one that the ledger has last counts."""
    wanted = select(NumberChangeRow).where(NumberChangeRow.number_id == number_id, NumberChangeRow.changed_at <= at)
    return tx.session.scalars(wanted.order_by(NumberChangeRow.entry.desc()).limit(1)).one_or_none()


def numbers_among(tx: Tx, addresses: Collection[str]) -> Sequence[NumberRow]:
    """Those of `addresses` that are numbers of the organisation's, in the order of the addresses."""
    return tx.session.scalars(select(NumberRow).where(NumberRow.e164.in_(addresses)).order_by(NumberRow.e164)).all()


def numbers_on_letter(tx: Tx, letter_id: str) -> Sequence[NumberRow]:
    """Those whose authorisation rests on a letter."""
    return tx.session.scalars(select(NumberRow).where(NumberRow.letter == letter_id).order_by(NumberRow.e164)).all()


@dataclass(frozen=True, slots=True)
class Owner:
    """An organisation that has or had a number, with what the number is there now, since when."""

    org_id: int
    state: NumberState
    since: datetime


def owners_of(session: Session, e164: str) -> list[Owner]:
    """Of all organisations: the one question about numbers that is about no single one. The latest first."""
    wanted = select(NumberRow.org_id, NumberRow.state, NumberRow.since).where(NumberRow.e164 == e164)
    rows = session.execute(wanted.order_by(NumberRow.since.desc()))
    return [Owner(org_id, NumberState(state), since) for org_id, state, since in rows]


_STATES = Prepared(NumberRow, "e164", "state").among("e164")


def states_among(tx: Tx, addresses: Collection[str]) -> dict[str, NumberState]:
    """The state of each of `addresses` that is a number of the organisation's."""
    rows = tx.fetch(_STATES, wanted=list(addresses))
    return {e164: NumberState(state) for e164, state in rows}


_CAMPAIGNS = Prepared(NumberRow, "e164", "campaign").among("e164").among("state", "states")


def campaigns_among(tx: Tx, addresses: Collection[str]) -> dict[str, str]:
    """The active campaign of each of `addresses` that is registered on one."""
    rows = tx.fetch(_CAMPAIGNS, wanted=list(addresses), states=[NumberState.REGISTERED.value])
    return dict(rows)


def numbers_at(tx: Tx, location: str) -> list[str]:
    """The numbers of a location, by any name that it has or had, in any case."""
    return [row.e164 for row in numbers_of(tx, location)]


def numbers_of(tx: Tx, location: str) -> list[NumberRow]:
    row = location_by_name(tx, location)
    keys = keys_of(tx, row.id) if row else {key_of(location)}
    return [number for number in all_numbers(tx) if key_of(number.location) in keys]
