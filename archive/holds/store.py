"""The tables of matters and holds, and every statement on them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.keys.keyring import DAY_KEY
from archive.keys.keyring import purposes as keys_for
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.tx import Prepared, Tx

AT_ONCE = 5_000


class MatterRow(OfOrganisation, Base):
    """`sealed`: its name and reference, under the matter's own key. `entry`: the ledger entry that commits to them."""

    __tablename__ = "matter"

    id: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int]
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    opened_at: Mapped[datetime]


class HoldRow(OfOrganisation, Base):
    """`sealed`: what it covers and why, under its matter's key. Only asking for its release and releasing change it."""

    __tablename__ = "hold"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "matter_id"], ["matter.org_id", "matter.id"], ondelete="RESTRICT"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    matter_id: Mapped[str]
    standing: Mapped[bool]
    entry: Mapped[int]
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    placed_at: Mapped[datetime]
    placed_by: Mapped[str]
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[str | None]
    released_at: Mapped[datetime | None]


class HoldMessageRow(OfOrganisation, Base):
    """One text under one hold, while it is under it. `entry`: the ledger entry that put it there.

    The foreign key is the last barrier: no statement whatever removes a text that is under a hold.
    """

    __tablename__ = "hold_message"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "hold_id"], ["hold.org_id", "hold.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["org_id", "seq"], ["message.org_id", "message.seq"], ondelete="RESTRICT"),
        Index("ix_hold_message_seq", "org_id", "seq"),
        {"sqlite_with_rowid": False},
    )

    hold_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry: Mapped[int]


def not_held() -> ColumnElement[bool]:
    """For the WHERE of a statement on messages that destroys: no hold covers the row, at this very moment.

    Under the ledger head's lock, which placing a hold takes as well, what it says stays true until the commit.
    """
    under_hold = (HoldMessageRow.org_id == MessageRow.org_id) & (HoldMessageRow.seq == MessageRow.seq)
    return ~exists().where(under_hold)


def holds_over(tx: Tx, serials: Sequence[int]) -> dict[int, list[str]]:
    """serial → ids of the holds that cover it, the oldest first; only those that are held."""
    found: dict[int, list[str]] = {}
    wanted = select(HoldMessageRow.seq, HoldMessageRow.hold_id).order_by(HoldMessageRow.entry)
    for some in _chunks(serials):
        for seq, hold_id in tx.session.execute(wanted.where(HoldMessageRow.seq.in_(some))):
            found.setdefault(seq, []).append(hold_id)
    return found


def held_serials(tx: Tx) -> list[int]:
    """Every text that is under any hold, in order."""
    return list(tx.session.scalars(select(HoldMessageRow.seq).distinct().order_by(HoldMessageRow.seq)))


def days_under_hold(tx: Tx) -> set[str]:
    """The days, `2027-12-28`, under whose keys texts lie that are under any hold."""
    held = select(HoldMessageRow.seq)
    keys = tx.session.scalars(select(MessageRow.key_id).where(MessageRow.seq.in_(held)).distinct()).all()
    purposes = keys_for(tx.session, tx.org_id)
    return {purposes[key].period for key in keys if purposes[key].name == DAY_KEY}


def serials_under(tx: Tx, hold_id: str) -> list[int]:
    wanted = select(HoldMessageRow.seq).where(HoldMessageRow.hold_id == hold_id).order_by(HoldMessageRow.seq)
    return list(tx.session.scalars(wanted))


def count_under(tx: Tx, ids: Collection[str]) -> dict[str, int]:
    """hold id → how many texts are under it now; only those that have any."""
    counted = select(HoldMessageRow.hold_id, func.count()).where(HoldMessageRow.hold_id.in_(ids))
    counted = counted.group_by(HoldMessageRow.hold_id)
    return {row[0]: row[1] for row in tx.session.execute(counted)}


def held_by_day(tx: Tx) -> dict[date, int]:
    """Day on which a batch looks at them → how many texts are under any hold; not those that no batch looks at."""
    held = select(HoldMessageRow.seq).distinct().subquery()
    counted = select(MessageRow.due_on, func.count()).join(held, held.c.seq == MessageRow.seq)
    counted = counted.where(MessageRow.due_on.is_not(None)).group_by(MessageRow.due_on)
    rows: Any = tx.session.execute(counted)
    return {row[0]: row[1] for row in rows}


def living(tx: Tx, serials: Sequence[int]) -> list[int]:
    """Those of `serials` that are here and are not being destroyed, in order."""
    found: list[int] = []
    for some in _chunks(serials):
        found += tx.session.scalars(select(MessageRow.seq).where(MessageRow.seq.in_(some), NOT_SHREDDING))
    return sorted(found)


def count_due_before(tx: Tx, serials: Sequence[int], day: date) -> int:
    """How many of them a purge batch before this day looks at, or would if no hold kept them."""
    wanted = select(func.count()).select_from(MessageRow).where(_due_before(day))
    return sum(tx.session.scalar(wanted.where(MessageRow.seq.in_(some))) or 0 for some in _chunks(serials))


def plan_again(tx: Tx, serials: Sequence[int], on: date) -> int:
    """What of them would be looked at before that day, or is looked at by nobody, is looked at then; how many."""
    moved = 0
    for some in _chunks(serials):
        move = update(MessageRow).where(MessageRow.seq.in_(some), _due_before(on)).values(due_on=on)
        done: Any = tx.session.execute(move, execution_options={"synchronize_session": False})
        moved += done.rowcount
    return moved


def _due_before(day: date) -> ColumnElement[bool]:
    return or_(MessageRow.due_on < day, MessageRow.due_on.is_(None))


def put_under(tx: Tx, hold_id: str, serials: Iterable[int], entry: int) -> None:
    table: Any = HoldMessageRow.__table__
    tx.session.flush()  # The rows refer to their hold.
    tx.insert(table, ("hold_id", "seq", "entry"), [(hold_id, serial, entry) for serial in serials])


def remove_from(tx: Tx, hold_id: str) -> None:
    tx.session.execute(delete(HoldMessageRow).where(HoldMessageRow.hold_id == hold_id))


def own_numbers_held(tx: Tx) -> set[str]:
    """The own numbers of all texts that are under any hold."""
    held = select(HoldMessageRow.seq)
    return set(tx.session.scalars(select(MessageRow.own_number).where(MessageRow.seq.in_(held)).distinct()))


def all_matters(tx: Tx) -> Sequence[MatterRow]:
    return tx.session.scalars(select(MatterRow).order_by(MatterRow.entry)).all()


def all_holds(tx: Tx) -> Sequence[HoldRow]:
    """Newest first, the released ones too."""
    return tx.session.scalars(select(HoldRow).order_by(HoldRow.entry.desc())).all()


def active_holds(tx: Tx) -> Sequence[HoldRow]:
    return tx.session.scalars(select(HoldRow).where(HoldRow.released_at.is_(None)).order_by(HoldRow.entry)).all()


def hold_row(tx: Tx, hold_id: str) -> HoldRow | None:
    return tx.session.scalars(select(HoldRow).where(HoldRow.id == hold_id)).one_or_none()


def matters_among(tx: Tx, ids: Collection[str]) -> Sequence[MatterRow]:
    return tx.session.scalars(select(MatterRow).where(MatterRow.id.in_(ids))).all()


def holds_among(tx: Tx, ids: Collection[str]) -> Sequence[HoldRow]:
    """Oldest first."""
    return tx.session.scalars(select(HoldRow).where(HoldRow.id.in_(ids)).order_by(HoldRow.entry)).all()


_HOLDS = Prepared(HoldRow, "id", "standing", "entry", "key_id", "sealed", "placed_at", "released_at")


def holds_in_force(tx: Tx) -> list[Any]:
    """The active ones, past the mapper: asked for each batch that comes in, so it has to cost next to nothing."""
    return [row for row in tx.fetch(_HOLDS) if row.released_at is None]


def _chunks(serials: Sequence[int]) -> Iterable[Sequence[int]]:
    return (serials[start : start + AT_ONCE] for start in range(0, len(serials), AT_ONCE))
