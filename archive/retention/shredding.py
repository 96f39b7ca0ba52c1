"""The statements that mark texts as being destroyed, and remove them. The hold is in the WHERE of the first."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update

from archive.core.clock import DAY, EPOCH
from archive.deliveries.outcome_store import OutcomeRow
from archive.deliveries.store import DeliveryRow
from archive.holds.store import not_held
from archive.keys.keyring import DataKeyRow
from archive.messages.blocks import IN_A_BLOCK, block_of
from archive.messages.store import NOT_SHREDDING, MessagePartyRow, MessageRow
from archive.tx import Tx

AT_ONCE = 5_000


def mark(tx: Tx, serials: Sequence[int], due_on: date, entry: int) -> int:
    """Nobody reads them from here on; how many that are. `entry`: the one that says that the batch has begun."""
    marked = 0
    for some in _chunks(serials):
        free = (MessageRow.seq.in_(some), MessageRow.due_on == due_on, NOT_SHREDDING, not_held())
        marked += _change(tx, update(MessageRow).where(*free).values(shredding=entry))
    return marked


def keys_of(tx: Tx, due_on: date, entry: int) -> dict[int, int]:
    """key → how many of the texts that were marked are sealed under it."""
    wanted = select(MessageRow.key_id, func.count()).where(_marked(due_on, entry)).group_by(MessageRow.key_id)
    return {row[0]: row[1] for row in tx.session.execute(wanted)}


def envelopes(tx: Tx, serials: Iterable[int]) -> list[bytes]:
    return list(tx.session.scalars(select(MessageRow.sealed).where(MessageRow.seq.in_(serials))))


def remove(tx: Tx, due_on: date, entry: int) -> None:
    """What was marked, by whom it was sent, and what was said of it. By what it is known if it is sent again stays: two
    keyed hashes. Reports whose text never came go when it would have gone."""
    marked = select(MessageRow.seq).where(_marked(due_on, entry)).scalar_subquery()
    theirs = select(MessageRow.seq // IN_A_BLOCK).where(_marked(due_on, entry)).distinct().scalar_subquery()
    _change(tx, delete(MessagePartyRow).where(MessagePartyRow.block.in_(theirs), MessagePartyRow.seq.in_(marked)))
    orphaned = DeliveryRow.message.is_(None) & (DeliveryRow.expires_at < _end_of(due_on))
    _change(tx, delete(DeliveryRow).where(DeliveryRow.message.in_(marked) | orphaned))
    _change(tx, delete(OutcomeRow).where(OutcomeRow.message.in_(marked)))
    _change(tx, delete(MessageRow).where(_marked(due_on, entry), not_held()))


def count_left(tx: Tx, serials: Sequence[int]) -> int:
    """How many rows are left of texts that are destroyed."""
    left = 0
    for some in _chunks(serials):
        left += tx.session.scalar(select(func.count()).where(MessageRow.seq.in_(some))) or 0
        left += tx.session.scalar(select(func.count()).where(DeliveryRow.message.in_(some))) or 0
        left += tx.session.scalar(select(func.count()).where(OutcomeRow.message.in_(some))) or 0
        theirs = (MessagePartyRow.block.in_(set(map(block_of, some))), MessagePartyRow.seq.in_(some))
        left += tx.session.scalar(select(func.count()).where(*theirs)) or 0
    return left


def count_all(tx: Tx) -> int:
    """Every text that is here. Without any condition on a row, so that an index alone can answer it."""
    return tx.session.scalar(select(func.count()).select_from(MessageRow)) or 0


def living_keys(tx: Tx, keys: Collection[int]) -> set[int]:
    """Those of `keys` that are not destroyed."""
    return set(
        tx.session.scalars(select(DataKeyRow.id).where(DataKeyRow.id.in_(keys), DataKeyRow.wrapped.is_not(None)))
    )


def due_days(tx: Tx, first: date, last: date) -> dict[date, int]:
    """day → how many texts its batch looks at."""
    wanted = select(MessageRow.due_on, func.count()).where(MessageRow.due_on.between(first, last), NOT_SHREDDING)
    rows: Any = tx.session.execute(wanted.group_by(MessageRow.due_on))
    return {row[0]: row[1] for row in rows}


def _marked(due_on: date, entry: int) -> ColumnElement[bool]:
    """The day is for the index: it finds them without looking at every text."""
    return (MessageRow.due_on == due_on) & (MessageRow.shredding == entry)


def _end_of(day: date) -> datetime:
    return EPOCH + (day - EPOCH.date() + DAY)


def _change(tx: Tx, statement: Any) -> int:
    tx.session.flush()
    done: Any = tx.session.execute(statement, execution_options={"synchronize_session": False})
    count: int = done.rowcount
    return count


def _chunks(serials: Sequence[int]) -> Iterable[Sequence[int]]:
    return (serials[start : start + AT_ONCE] for start in range(0, len(serials), AT_ONCE))
