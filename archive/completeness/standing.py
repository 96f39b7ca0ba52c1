"""How each number and account stands on each day. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from archive.completeness.gap import Shortfall, both_ways, by_number
from archive.completeness.model import Cell


class State(StrEnum):
    """`UNKNOWN`: no provider has said how many there were. `NOT_YET`: the day is not closed."""

    LACKING = "lacking"
    NOT_YET = "not-yet"
    SURPLUS = "surplus"
    WHOLE = "whole"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """`expected`: None where nobody has said. `indexed`: None while the index is too far behind to tell. `missing`:
    fewer than lack, where some came minutes after midnight and are one too many on the next day.
    """

    cell: Cell
    expected: int | None
    stored: int
    indexed: int | None
    missing: int
    closed: bool

    @property
    def surplus(self) -> int:
        return max(0, self.stored - self.expected) if self.expected is not None else 0

    @property
    def state(self) -> State:
        if self.expected is None:
            return State.UNKNOWN if self.closed else State.NOT_YET
        if self.missing:
            return State.LACKING if self.closed else State.NOT_YET
        return State.SURPLUS if self.surplus else State.WHOLE


def standings(
    compared: Iterable[Shortfall], here: Mapping[Cell, int], unindexed: Mapping[Cell, int] | None, last: date
) -> list[Standing]:
    """Of every number that has texts or a count, and of every account that has a count; the latest day first.

    `here` and `unindexed`: texts of a cell that are stored, and those of them that no search can find. `last`: the last
    day that is closed.
    """
    known = {short.cell: short for short in compared}
    stored, lacking = both_ways(here), both_ways(unindexed or {})
    return [
        Standing(
            cell=cell,
            expected=known[cell].expected if cell in known else None,
            stored=stored[cell],
            indexed=None if unindexed is None else stored[cell] - lacking[cell],
            missing=max(0, known[cell].missing) if cell in known else 0,
            closed=cell.day <= last,
        )
        for cell in sorted({*known, *(by_number(cell) for cell in here)}, key=_order)
    ]


def _order(cell: Cell) -> tuple[int, str, str, str, str]:
    return -cell.day.toordinal(), cell.number, cell.provider, cell.account, cell.direction
