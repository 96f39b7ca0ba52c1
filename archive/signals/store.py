"""How far reports were watched, and the statements by which they are."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.core.clock import DAY
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.deliveries.events import DeliveriesJoined, DeliveryNoted
from archive.deliveries.outcome_store import OutcomeRow
from archive.ledger.rows import NO_TEXT, LedgerEntryRow, LedgerHeadRow
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.tx import Tx


class SignalPositionRow(OfOrganisation, Base):
    """`seq`: the last ledger entry up to which reports were watched."""

    __tablename__ = "signal_position"
    __table_args__ = ({"info": BOOKKEEPING},)

    seq: Mapped[int] = mapped_column(server_default="0")


class Sent(NamedTuple):
    """A text that is still here. `at`: the moment by which it is ordered."""

    serial: int
    own_number: str
    at: datetime


def position(tx: Tx) -> int:
    return tx.session.scalar(select(SignalPositionRow.seq)) or 0


def move_position(tx: Tx, seq: int) -> None:
    tx.session.merge(SignalPositionRow(org_id=tx.org_id, seq=seq))


def any_unwatched(session: Session) -> bool:
    """Of any organisation. From the heads, of which there are few: for each the index is asked behind its position."""
    here = SignalPositionRow.org_id == LedgerHeadRow.org_id
    new = (
        select(LedgerEntryRow.seq)
        .where(LedgerEntryRow.org_id == LedgerHeadRow.org_id, text(NO_TEXT))
        .where(LedgerEntryRow.kind.in_((DeliveryNoted.kind, DeliveriesJoined.kind)))
        .where(LedgerEntryRow.seq > func.coalesce(SignalPositionRow.seq, 0))
        .correlate(LedgerHeadRow, SignalPositionRow)
        .exists()
    )
    wanted = select(LedgerHeadRow.org_id).outerjoin(SignalPositionRow, here).where(new)
    return session.scalar(wanted.limit(1)) is not None


def sent_texts(tx: Tx, serials: Collection[int]) -> dict[int, Sent]:
    wanted = select(MessageRow.seq, MessageRow.own_number, MessageRow.sent_at, MessageRow.received_at)
    rows = tx.session.execute(
        wanted.where(MessageRow.seq.in_(serials), MessageRow.direction == "outbound", NOT_SHREDDING)
    )
    return {seq: Sent(seq, own, sent or received) for seq, own, sent, received in rows}


def count_reported(tx: Tx, own_number: str, day: date) -> int:
    """Texts of a number and a UTC day of which it is known what became of them."""
    wanted = select(func.count(OutcomeRow.message.distinct())).join(MessageRow, _ITS_TEXT)
    return tx.session.scalar(wanted.where(*_of_day(own_number, day))) or 0


def blocked_because(tx: Tx, own_number: str, day: date, categories: Collection[str]) -> Sequence[int]:
    """Texts of a number and a UTC day that were blocked for one of these reasons, in order."""
    wanted = select(OutcomeRow.message).distinct().join(MessageRow, _ITS_TEXT)
    wanted = wanted.where(*_of_day(own_number, day), OutcomeRow.status == "blocked")
    return tx.session.scalars(wanted.where(OutcomeRow.category.in_(categories)).order_by(OutcomeRow.message)).all()


_ITS_TEXT = and_(MessageRow.org_id == OutcomeRow.org_id, MessageRow.seq == OutcomeRow.message)


def _of_day(own_number: str, day: date) -> tuple[ColumnElement[bool], ...]:
    start = datetime.combine(day, time(), UTC)
    return OutcomeRow.at >= start, OutcomeRow.at < start + DAY, MessageRow.own_number == own_number
