"""Gaps: what is missing of a day, why that is known, and what becomes of what was found before. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from archive.completeness.model import Cell
from archive.retention.serials import Ranges


class Cause(StrEnum):
    """How a gap is known."""

    NOT_STORED = "not-stored"
    """The provider has carried more than is here."""
    VANISHED = "vanished"
    """The ledger says that it was stored, its row is gone, and no purge has taken it."""
    NOT_INDEXED = "not-indexed"
    """It is stored, the index has come past it, and no search can find it."""
    ONLY_REPORTED = "only-reported"
    """The provider has said what became of it, and the text never came."""


class Because(StrEnum):
    """Why a gap was closed."""

    CAME = "came"
    CORRECTED = "corrected"
    OVER = "over"


Key = tuple[Cause, Cell, int | None]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """`missing` of a cell. `block`: among whose serials rows vanished; `serials`: which texts, where that is known."""

    cause: Cause
    cell: Cell
    expected: int
    stored: int
    indexed: int
    missing: int
    block: int | None = None
    serials: tuple[tuple[int, int], ...] = ()

    @property
    def key(self) -> Key:
        return self.cause, self.cell, self.block


@dataclass(frozen=True, slots=True)
class Gap:
    """A shortfall on record, with the figures of when it was last looked at. An alarm, until it is closed or somebody
    has acknowledged it; when more turns out to be missing than they have seen, it is one again.
    """

    id: str
    short: Shortfall
    opened_at: datetime
    entry: int
    closed_at: datetime | None = None
    because: Because | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_missing: int | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_alarm(self) -> bool:
        return self.is_open and self.acknowledged_at is None


@dataclass(frozen=True, slots=True)
class Changes:
    opened: list[Shortfall] = field(default_factory=list)
    changed: list[tuple[Gap, Shortfall]] = field(default_factory=list)
    closed: list[tuple[Gap, Because]] = field(default_factory=list)


def compare(said: Mapping[Cell, int], stored: Mapping[Cell, int], lacking: Mapping[Cell, int]) -> list[Shortfall]:
    """One for each number or account of which a provider's count is known; `missing` is negative where there is more.

    `stored`, and `lacking` in the index: both ways, of each number over all accounts and of each account over all
    numbers. A number's texts count by whichever account they came, since programs name the account as they like.
    """
    expected: dict[Cell, int] = {}
    for cell, texts in said.items():
        whose = by_number(cell) if cell.number else cell
        expected[whose] = expected.get(whose, 0) + texts
    return [_compared(cell, texts, stored.get(cell, 0), lacking.get(cell, 0)) for cell, texts in expected.items()]


def _compared(cell: Cell, expected: int, stored: int, lacking: int) -> Shortfall:
    return Shortfall(Cause.NOT_STORED, cell, expected, stored, stored - lacking, expected - stored)


def by_number(cell: Cell) -> Cell:
    return Cell(cell.day, cell.provider, "", cell.number, cell.direction)


def by_account(cell: Cell) -> Cell:
    return Cell(cell.day, cell.provider, cell.account, "", cell.direction)


def both_ways(here: Mapping[Cell, int]) -> Counter[Cell]:
    """Of each number over all accounts, and of each account over all numbers."""
    found: Counter[Cell] = Counter()
    for cell, texts in here.items():
        found[by_number(cell)] += texts
        if cell.account:
            found[by_account(cell)] += texts
    return found


def vanished(arrived: Mapping[Cell, int], here: Mapping[Cell, int], first: date) -> dict[Cell, int]:
    """Cell → how many rows it has lost, of the days from `first` on. `arrived` and `here` are of the same serials.

    A cell without a number stands for texts that were gone before anybody saw whose they were. If some came back, they
    are among those that no cell has missed.
    """
    lacking = {cell: texts - here.get(cell, 0) for cell, texts in arrived.items() if cell.number}
    back = sum(max(0, texts - arrived.get(cell, 0)) for cell, texts in here.items())
    for cell in sorted((one for one in arrived if not one.number), key=lambda one: one.day):
        lacking[cell] = arrived[cell] - min(back, arrived[cell])
        back -= arrived[cell] - lacking[cell]
    return {cell: texts for cell, texts in lacking.items() if texts > 0 and cell.day >= first}


def settle(gaps: Sequence[Gap], found: Iterable[Shortfall], expected: Mapping[Cell, int], first: date) -> Changes:
    """What `found` means for the open `gaps` that were looked at, which are all that are given.

    `expected`: what providers say now; `first`: the first day that is watched.
    """
    now = {short.key: short for short in found if short.missing > 0}
    changes = Changes()
    for gap in gaps:
        short = now.pop(gap.short.key, None)
        if gap.short.cell.day < first:
            changes.closed.append((gap, Because.OVER))
        elif short is None:
            lowered = expected.get(gap.short.cell, gap.short.expected) < gap.short.expected
            changes.closed.append((gap, Because.CORRECTED if lowered else Because.CAME))
        elif short != gap.short:
            changes.changed.append((gap, short))
    changes.opened.extend(now.values())
    return changes


def shortened(ranges: Ranges, most: int) -> tuple[tuple[int, int], ...]:
    """The first `most` of them: an alarm names where to look, not every text of a lost disk."""
    return tuple((first, last) for first, last in ranges[:most])
