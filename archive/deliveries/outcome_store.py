"""The table of what has become of texts so far, one row for each recipient of whom something was said."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKeyConstraint, Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.clock import from_micros, to_micros
from archive.db.base import Base, OfOrganisation
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.tx import Tx

COLUMNS = ("message", "place", "status", "category", "at")


class OutcomeRow(OfOrganisation, Base):
    """The report that counts on the way of `message` to one recipient: `model.outcomes`. `at` is the text's moment."""

    __tablename__ = "delivery_outcome"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "message"], ["message.org_id", "message.seq"], ondelete="RESTRICT"),
        Index("ix_delivery_outcome_status", "org_id", "status", "at"),
    )

    message: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str]
    category: Mapped[str | None]
    at: Mapped[datetime]


class Row(NamedTuple):
    """`at` in microseconds."""

    message: int
    place: int
    status: str
    category: str | None
    at: int


def replace_outcomes(tx: Tx, serials: Collection[int], rows: Sequence[Row]) -> None:
    """What is known of these texts from here on."""
    tx.session.execute(
        delete(OutcomeRow).where(OutcomeRow.message.in_(serials)), execution_options={"synchronize_session": False}
    )
    table: Any = OutcomeRow.__table__
    tx.insert(table, COLUMNS, rows)


def moments_of(tx: Tx, serials: Collection[int]) -> dict[int, int]:
    """Text → the moment by which it is ordered, of those that are here."""
    wanted = select(MessageRow.seq, MessageRow.sent_at, MessageRow.received_at)
    rows = tx.session.execute(wanted.where(MessageRow.seq.in_(serials), NOT_SHREDDING))
    return {seq: to_micros(sent or received) for seq, sent, received in rows}


class Became(NamedTuple):
    """What has become of texts for one recipient at least: one of `statuses`, for the reason `category` if that is not
    None; of texts of a stretch of time, in microseconds."""

    statuses: tuple[str, ...]
    category: str | None
    start: int | None
    until: int | None


def serials_that(tx: Tx, became: Became, limit: int) -> list[int]:
    """Up to `limit` texts, ascending. As the driver gives them, since they may be very many."""
    statuses, category, start, until = became
    table: Any = OutcomeRow.__table__
    wanted = select(table.c.message).distinct().where(table.c.org_id == tx.org_id, table.c.status.in_(statuses))
    if category is not None:
        wanted = wanted.where(table.c.category == category)
    if start is not None:
        wanted = wanted.where(table.c.at >= from_micros(start))
    if until is not None:
        wanted = wanted.where(table.c.at < from_micros(until))
    result: Any = tx.session.connection().execute(wanted.order_by(table.c.message).limit(limit))
    return [serial for (serial,) in result.cursor.fetchall()]


def statuses_among(tx: Tx, serials: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Text → what has become of it, each word once, in the order of its recipients; of those of which it is known."""
    wanted = select(OutcomeRow.message, OutcomeRow.status).where(OutcomeRow.message.in_(serials))
    found: dict[int, dict[str, None]] = {}
    for message, status in tx.session.execute(wanted.order_by(OutcomeRow.message, OutcomeRow.place)):
        found.setdefault(message, {})[status] = None
    return {message: tuple(statuses) for message, statuses in found.items()}
