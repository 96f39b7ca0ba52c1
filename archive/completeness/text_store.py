"""What is asked of the tables of texts, of the ledger, and of reports: only whose, when and how many."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, case, func, literal, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from archive.completeness.count_store import Tally
from archive.completeness.model import Cell
from archive.core.clock import DAY, EPOCH
from archive.deliveries.store import DeliveryRow
from archive.ledger.rows import LedgerEntryRow
from archive.messages.actions import STORED
from archive.messages.flags import CONFLICT
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.tx import Tx

_DAY_MICROS: Final = 86_400_000_000
_EARLIER: Final = case((MessageRow.sent_at < MessageRow.received_at, MessageRow.sent_at), else_=MessageRow.received_at)
_DAY: Final = type_coerce(_EARLIER, BigInteger) // _DAY_MICROS
_REPEATED: Final = (literal(" ") + MessageRow.flags + " ").contains(f" {CONFLICT} ")
_CELL: Final = (
    _DAY.label("day"),
    MessageRow.provider,
    func.coalesce(MessageRow.account, "").label("account"),
    MessageRow.own_number,
    MessageRow.direction,
)


def tallies(
    tx: Tx, after: int, through: int, since: datetime | None = None, until: datetime | None = None
) -> dict[Cell, Tally]:
    """The texts with `after` < serial ≤ `through` whose rows are here, those that are being destroyed included.

    Only those of a time, if one is named; `until` is exclusive.
    """
    repeated = func.sum(case((_REPEATED, 1), else_=0))
    wanted = select(*_CELL, func.count(), repeated).where(*_between(MessageRow.seq, after, through))
    if since is not None and until is not None:
        wanted = wanted.where(since <= _EARLIER, until > _EARLIER)
    rows = tx.session.execute(wanted.group_by(*[column.name for column in _CELL]))
    return {
        _cell(day, provider, account, number, way): Tally(texts, int(again))
        for day, provider, account, number, way, texts, again in rows
    }


def cells_of(tx: Tx, serials: Collection[int]) -> dict[int, Cell]:
    """Serial → its cell, of those that are here and not being destroyed."""
    found: dict[int, Cell] = {}
    for some in _chunks(serials):
        rows = tx.session.execute(select(MessageRow.seq, *_CELL).where(MessageRow.seq.in_(some), NOT_SHREDDING))
        found.update((row[0], _cell(*row[1:])) for row in rows)
    return found


def count_entries(tx: Tx, after: int, through: int) -> int:
    """How many texts the ledger says were stored there."""
    wanted = select(func.count()).select_from(LedgerEntryRow).where(LedgerEntryRow.kind == STORED)
    return tx.session.scalar(wanted.where(*_between(LedgerEntryRow.seq, after, through))) or 0


def without_row(tx: Tx, after: int, through: int) -> dict[int, datetime]:
    """Serial → when it was stored, of texts that the ledger speaks of and that have no row."""
    row = select(MessageRow.seq).where(MessageRow.org_id == tx.org_id, MessageRow.seq == LedgerEntryRow.seq)
    wanted = select(LedgerEntryRow.seq, LedgerEntryRow.at).where(LedgerEntryRow.kind == STORED, ~row.exists())
    rows = tx.session.execute(wanted.where(*_between(LedgerEntryRow.seq, after, through)))
    return {row.seq: row.at for row in rows}


def readable_through(tx: Tx, position: int) -> int:
    """How many texts up to a ledger entry can be read: all but those behind it, and those that are being destroyed."""
    all_of_them = tx.session.scalar(select(func.count()).select_from(MessageRow)) or 0
    behind = tx.session.scalar(select(func.count()).select_from(MessageRow).where(MessageRow.seq > position)) or 0
    # Only a batch whose day has come marks anything, so the index by that day finds them among millions.
    marked = (MessageRow.due_on <= tx.now.date(), MessageRow.shredding.is_not(None), MessageRow.seq <= position)
    return all_of_them - behind - (tx.session.scalar(select(func.count()).select_from(MessageRow).where(*marked)) or 0)


def only_reported(tx: Tx, first: date, before: datetime) -> dict[tuple[date, str, str], int]:
    """(day of the report, provider, account) → how many texts were reported on and never came. Reports from day `first`
    on, and of before a moment."""
    day = (type_coerce(DeliveryRow.noted_at, BigInteger) // _DAY_MICROS).label("day")
    wanted = select(day, DeliveryRow.provider, DeliveryRow.account, func.count(DeliveryRow.identity.distinct()))
    wanted = wanted.where(DeliveryRow.message.is_(None), DeliveryRow.noted_at < before)
    rows = tx.session.execute(wanted.group_by("day", DeliveryRow.provider, DeliveryRow.account))
    found = {(_date(number), provider, account): texts for number, provider, account, texts in rows}
    return {key: texts for key, texts in found.items() if key[0] >= first}


def _between(seq: InstrumentedAttribute[int], after: int, through: int) -> tuple[ColumnElement[bool], ...]:
    return seq > after, seq <= through


def _cell(day: int, provider: str, account: str, number: str, direction: str) -> Cell:
    return Cell(_date(day), provider, account, number, direction)


def _date(number: int) -> date:
    return EPOCH.date() + DAY * int(number)


def _chunks(serials: Collection[int], size: int = 5_000) -> Iterable[list[int]]:
    listed = list(serials)
    return (listed[start : start + size] for start in range(0, len(listed), size))
