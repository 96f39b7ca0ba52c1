"""Comparing days: what providers say of them, what is here, and what midnight explains."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from archive.completeness import count_store, expected_store, text_store
from archive.completeness.gap import Cause, Gap, Shortfall, both_ways, compare
from archive.completeness.midnight import NEAR, around, excuse
from archive.completeness.model import Cell, last_closed, start_of
from archive.core.clock import DAY
from archive.ledger.store import first_since
from archive.tx import Tx


def stored_on(tx: Tx, days: Collection[date], lost: Iterable[Shortfall]) -> Counter[Cell]:
    """Cell → how many different texts are here. `lost`: what has vanished again."""
    here = Counter(count_store.arrived_on(tx, days))
    for short in lost:
        here[short.cell] -= short.missing
    return +here


def compare_days(
    tx: Tx, days: Collection[date], here: Mapping[Cell, int], unindexed: Mapping[Cell, int]
) -> list[Shortfall]:
    """One for each number or account of which a count is known; `here` knows the days beside them as well."""
    compared = compare(expected_store.said_on(tx, around(days)), here, unindexed)
    lacking = {short.cell.day for short in compared if short.missing > 0}
    early, late = _about_midnight(tx, lacking & set(days))
    excused = excuse(compared, both_ways(early), both_ways(late), last_closed(tx.now))
    return [short for short in excused if short.cell.day in days]


def vanished_of(gaps: Iterable[Gap]) -> list[Shortfall]:
    return [gap.short for gap in gaps if gap.is_open and gap.short.cause is Cause.VANISHED]


def _about_midnight(tx: Tx, days: Iterable[date]) -> tuple[Counter[Cell], Counter[Cell]]:
    """Texts of the first minutes of the day after each of these, and of the last minutes of the day before."""
    early, late = Counter[Cell](), Counter[Cell]()
    for day in days:
        early.update(_near(tx, day + DAY, day + DAY))
        late.update(_near(tx, day, day - DAY))
    return early, late


def _near(tx: Tx, midnight: date, day: date) -> dict[Cell, int]:
    """Those of `day` that came in within minutes of the beginning of `midnight`."""
    at = start_of(midnight)
    first, behind = first_since(tx, at - NEAR), first_since(tx, at + 2 * NEAR)
    found = text_store.tallies(tx, first - 1, behind - 1, at - NEAR, at + NEAR)
    return {cell: tally.arrived for cell, tally in found.items() if cell.day == day}
