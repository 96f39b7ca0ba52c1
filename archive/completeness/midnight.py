"""Texts about midnight, which provider and archive may count on different days.

Many webhooks name no time: then a text is of the day on which it came in, seconds after the provider had counted it.
Such a text lacks on one day and is one too many on the next, and nothing is missing. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from archive.completeness.gap import Shortfall
from archive.completeness.model import Cell
from archive.core.clock import DAY

NEAR: Final = timedelta(minutes=5)


def excuse(
    compared: Iterable[Shortfall], early: Mapping[Cell, int], late: Mapping[Cell, int], last: date
) -> list[Shortfall]:
    """The same, each missing fewer by those that are one too many on a day beside it.

    `early` and `late`: how many texts of a cell came in the first and the last minutes of its day; no more than these
    are excused. A day beside it of which no count is known excuses only until it is closed itself; `last` is the last
    day that is.
    """
    found = {short.cell: short for short in compared}
    surplus = {cell: -short.missing for cell, short in found.items() if short.missing < 0}
    for cell in sorted(found, key=lambda one: one.day):
        for beside, near in ((_beside(cell, 1), early), (_beside(cell, -1), late)):
            spare = surplus.get(beside, 0) if beside in found or beside.day <= last else found[cell].missing
            excused = max(0, min(found[cell].missing, near.get(beside, 0), spare))
            found[cell] = replace(found[cell], missing=found[cell].missing - excused)
            surplus[beside] = surplus.get(beside, 0) - excused
    return list(found.values())


def around(days: Iterable[date]) -> set[date]:
    """These days, and those beside them."""
    return {day + DAY * step for day in days for step in (-1, 0, 1)}


def _beside(cell: Cell, step: int) -> Cell:
    return replace(cell, day=cell.day + DAY * step)
