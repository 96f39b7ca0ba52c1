"""Statements that look for the texts that a report may be about: few rows each, whatever the size of the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce

from archive.core.clock import to_micros
from archive.ledger.rows import LedgerEntryRow
from archive.messages.store import NOT_SHREDDING, MessagePartyRow, MessageRow, took_part
from archive.spam.model import Claim
from archive.tx import Prepared, Tx


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Whose texts are looked at: a number's, or where none was named, a campaign's."""

    own_number: str
    campaign: str | None

    @property
    def condition(self) -> ColumnElement[bool]:
        if self.own_number:
            return MessageRow.own_number == self.own_number
        return MessageRow.campaign == self.campaign


def texts_to(tx: Tx, party_key: bytes, sender: Mentioned, near: datetime, limit: int) -> Sequence[int]:
    """Serials of what was sent to a party, the nearest to a moment first."""
    same = (MessagePartyRow.org_id == MessageRow.org_id) & (MessagePartyRow.seq == MessageRow.seq)
    wanted = _sent(sender).join(MessagePartyRow, same).where(took_part(tx, [party_key]))
    return tx.session.scalars(_nearest(wanted, near).limit(limit)).all()


def texts_between(tx: Tx, serials: range, sender: Mentioned, around: Claim, limit: int) -> Sequence[int]:
    """Of a stretch of serials those that were sent within a time, the nearest to its middle first."""
    wanted = _sent(sender).where(MessageRow.seq >= serials.start, MessageRow.seq < serials.stop)
    wanted = wanted.where(to_micros(around.since) <= _MOMENT, to_micros(around.until) > _MOMENT)
    return tx.session.scalars(_nearest(wanted, around.middle).limit(limit)).all()


_MOMENT = type_coerce(func.coalesce(MessageRow.sent_at, MessageRow.received_at), BigInteger)


def _sent(sender: Mentioned) -> Any:
    return select(MessageRow.seq).where(sender.condition, MessageRow.direction == "outbound", NOT_SHREDDING)


def _nearest(wanted: Any, near: datetime) -> Any:
    return wanted.order_by(func.abs(_MOMENT - to_micros(near)), MessageRow.seq.desc())


_MADE = Prepared(LedgerEntryRow, "at").among("seq")


def entries_before(tx: Tx, at: datetime) -> int:
    """How many entries of the ledger were made before a moment: looked up, since their numbers run with the time."""
    low, high = 0, tx.ledger_size
    while low < high:
        middle = (low + high) // 2
        ((made,),) = tx.fetch(_MADE, wanted=[middle + 1])
        low, high = (middle + 1, high) if made < at else (low, middle)
    return low
