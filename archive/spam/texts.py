"""Statements that look for the texts that a report may be about: few rows each, whatever the size of the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from archive.ledger.rows import LedgerEntryRow
from archive.messages.store import NOT_SHREDDING, MessagePartyRow, MessageRow, took_part
from archive.tx import Tx

MOST_TEXTS = 2_000


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


def texts_to(tx: Tx, party_key: bytes, sender: Mentioned) -> Sequence[tuple[int, datetime]]:
    """(serial, moment) of what was sent to a party, the latest first."""
    same = (MessagePartyRow.org_id == MessageRow.org_id) & (MessagePartyRow.seq == MessageRow.seq)
    wanted = _sent(sender).join(MessagePartyRow, same).where(took_part(tx, [party_key]))
    return _moments(tx, wanted.order_by(MessageRow.seq.desc()).limit(MOST_TEXTS))


def texts_between(tx: Tx, after: int, through: int, sender: Mentioned) -> Sequence[tuple[int, datetime]]:
    """(serial, moment) of what was sent, of serials with `after` < serial ≤ `through`."""
    wanted = _sent(sender).where(MessageRow.seq > after, MessageRow.seq <= through)
    return _moments(tx, wanted.order_by(MessageRow.seq.desc()).limit(MOST_TEXTS))


def _sent(sender: Mentioned) -> Any:
    columns = select(MessageRow.seq, MessageRow.sent_at, MessageRow.received_at)
    return columns.where(sender.condition, MessageRow.direction == "outbound", NOT_SHREDDING)


def _moments(tx: Tx, wanted: Any) -> Sequence[tuple[int, datetime]]:
    return [(seq, sent or received) for seq, sent, received in tx.session.execute(wanted)]


def entries_before(tx: Tx, at: datetime) -> int:
    """How many entries of the ledger were made before a moment: looked up, since their numbers run with the time."""
    low, high = 0, tx.ledger_size
    while low < high:
        middle = (low + high) // 2
        made = tx.session.scalar(select(LedgerEntryRow.at).where(LedgerEntryRow.seq == middle + 1))
        low, high = (middle + 1, high) if made is not None and made < at else (low, middle)
    return low
