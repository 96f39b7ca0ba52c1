"""One look at everything: what is missing is put on record, and what has come is taken off the list."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, TypeVar

from archive.completeness import count_store, expected_store, gap_store, text_store
from archive.completeness.comparing import compare_days, stored_on
from archive.completeness.counting import (
    ACTOR,
    AT_A_TIME,
    MOST_RANGES,
    blocks_to_look_at,
    count_new,
    look_at_block,
)
from archive.completeness.events import CompletenessCleared
from archive.completeness.gap import Cause, Changes, Gap, Shortfall, settle, shortened
from archive.completeness.indexed import not_found
from archive.completeness.midnight import around
from archive.completeness.model import Cell, end_of, first_watched, last_closed
from archive.completeness.recording import change_gap, close_gap, open_gap
from archive.core.clock import DAY, day_of
from archive.messages.blocks import block_of
from archive.retention.serials import ranges_of
from archive.search.index import SearchIndex
from archive.tx import Transactions, Tx

T = TypeVar("T")

ALWAYS: Final = timedelta(days=14)
"""Days that are compared with each look, whether anything was said of them or not."""
AT_ONCE: Final = 500
"""Gaps that are written in one transaction, so that nobody who stores waits for long."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look has done. `alarms`: open gaps that nobody has acknowledged, after it."""

    counted: int
    opened: int
    closed: int
    alarms: int


@dataclass(slots=True)
class _Found:
    """`gaps`: the open ones that were looked at. `said`: what providers say of the cells that were compared."""

    shortfalls: list[Shortfall] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    said: dict[Cell, int] = field(default_factory=dict)
    size: int = 0


def look(transactions: Transactions, index: SearchIndex, org_id: int) -> Looked:
    """Safe to repeat, and to break off anywhere: what was not written is found again with the next look."""
    counted = count_new(transactions, org_id)
    lacking = not_found(transactions, index, org_id)
    with transactions.read(org_id, ACTOR) as tx:
        found = _find(tx, lacking)
        changes = settle(found.gaps, found.shortfalls, found.said, first_watched(tx.now))
    _write(transactions, org_id, changes)
    with transactions.write(org_id, ACTOR) as tx:
        _note(tx, found.size)
        _clear(tx)
        alarms = sum(gaps for gaps, _ in gap_store.count_alarms(tx).values())
    return Looked(counted, len(changes.opened), len(changes.closed), alarms)


def _find(tx: Tx, lacking: Mapping[int, Cell] | None) -> _Found:
    """`lacking`: texts that the index does not know; None where it can't be asked."""
    found, gaps = _Found(size=tx.ledger_size), gap_store.open_gaps(tx)
    blocks = blocks_to_look_at(tx, [gap.short.block for gap in gaps])
    lost = [short for block in sorted(blocks) for short in look_at_block(tx, block)]
    days = _days(tx, gaps)
    unindexed = Counter((lacking or {}).values())
    here = stored_on(tx, around(days) | {cell.day for cell in unindexed}, lost)
    compared = compare_days(tx, days, here, unindexed)
    found.said = {short.cell: short.expected for short in compared}
    found.shortfalls = [*lost, *compared, *_only_reported(tx), *_not_indexed(lacking or {}, here)]
    unasked = {Cause.NOT_INDEXED} if lacking is None else set()
    found.gaps = [gap for gap in gaps if gap.short.cause not in unasked]
    return found


def _days(tx: Tx, gaps: Collection[Gap]) -> set[date]:
    """Those that are closed and watched, and late, told of, counted of since the last look, or with a gap."""
    before, last = count_store.progress(tx), last_closed(tx.now)
    since = min(last - ALWAYS, day_of(before.looked_at) - DAY if before.looked_at else last)
    days = {since + DAY * step for step in range((last - since).days + 1)}
    days |= count_store.days_touched_after(tx, before.compared) | expected_store.days_said_after(tx, before.compared)
    days |= {gap.short.cell.day for gap in gaps}
    return {day for day in days if first_watched(tx.now) <= day <= last}


def _only_reported(tx: Tx) -> list[Shortfall]:
    first, before = first_watched(tx.now), end_of(last_closed(tx.now))
    return [
        Shortfall(Cause.ONLY_REPORTED, Cell(day, provider, account, "", ""), texts, 0, 0, texts)
        for (day, provider, account), texts in text_store.only_reported(tx, first, before).items()
    ]


def _not_indexed(lacking: Mapping[int, Cell], here: Counter[Cell]) -> list[Shortfall]:
    by_cell: dict[Cell, list[int]] = {}
    for serial, cell in lacking.items():
        by_cell.setdefault(cell, []).append(serial)
    return [_unindexed(cell, serials, max(here[cell], len(serials))) for cell, serials in by_cell.items()]


def _unindexed(cell: Cell, serials: list[int], stored: int) -> Shortfall:
    missing = len(serials)
    ranges = shortened(ranges_of(serials), MOST_RANGES)
    return Shortfall(Cause.NOT_INDEXED, cell, stored, stored, stored - missing, missing, serials=ranges)


def _write(transactions: Transactions, org_id: int, changes: Changes) -> None:
    for opening in _some(changes.opened):
        with transactions.write(org_id, ACTOR) as tx:
            known = {gap.short.key for gap in gap_store.open_gaps(tx)}
            for short in opening:
                if short.key not in known:
                    open_gap(tx, short)
    for changing in _some(changes.changed):
        with transactions.write(org_id, ACTOR) as tx:
            for gap, short in changing:
                change_gap(tx, gap.id, short)
    for closing in _some(changes.closed):
        with transactions.write(org_id, ACTOR) as tx:
            for gap, because in closing:
                close_gap(tx, gap.id, because)


def _some(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def _note(tx: Tx, size: int) -> None:
    """`size`: of the ledger when the look was taken."""
    now = count_store.progress(tx)
    block = (now.block + AT_A_TIME) % (block_of(now.counted) + 1)
    count_store.note_progress(tx, replace(now, compared=size, looked_at=tx.now, block=block))


def _clear(tx: Tx) -> None:
    first = first_watched(tx.now)
    count_store.forget_before(tx, first)
    counts, gaps = expected_store.forget_before(tx, first), gap_store.forget_gaps_before(tx, first)
    if counts or gaps:
        tx.record(CompletenessCleared(before=first, counts=counts, gaps=gaps))
