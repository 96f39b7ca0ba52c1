"""What goes when, as things stand: how many texts of each day to come, and how many of these a hold keeps.

Purge batches look at a text on its `due_on`, which is what this counts. Whether it goes then is decided on the day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select

from archive.core.clock import day_of
from archive.holds.store import held_by_day
from archive.messages.store import MessageRow
from archive.retention.shredding import due_days
from archive.tx import Tx

LEAST_WEEKS: Final = 58
"""406 days: as far as a text goes that comes in today."""

MANY: Final = 100_000
REMEMBERED: Final = timedelta(minutes=1)

MOST_WEEKS: Final = 66
MOST_MONTHS: Final = 73
_FIRST_DAY = date(1970, 1, 1)
_ONE_DAY = timedelta(days=1)
_DECEMBER = 12


class Grain(StrEnum):
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` to `last`, both included: `due` texts have had their time then, `held` of which a hold keeps."""

    first: date
    last: date
    due: int
    held: int


@dataclass(frozen=True, slots=True)
class Horizon:
    """`soon`: due within a week, today included, and not held. `overdue`: of days that are over, waiting for a batch to
    be approved or to go. `kept`: beyond their time, by holds.
    """

    grain: Grain
    spans: tuple[Span, ...]
    soon: int
    overdue: int
    kept: int

    @property
    def due(self) -> int:
        return sum(span.due for span in self.spans)

    @property
    def held(self) -> int:
        return sum(span.held for span in self.spans)


class HorizonMemory:
    """What was counted up to a minute ago, where there are so many texts that counting takes longer than a page may."""

    def __init__(self, many: int = MANY) -> None:
        self._many = many
        self._counted: dict[int, tuple[datetime, Horizon]] = {}

    def horizon(self, tx: Tx) -> tuple[datetime, Horizon]:
        """When it was counted, and what."""
        remembered = self._counted.get(tx.org_id)
        if remembered and timedelta(0) <= tx.now - remembered[0] < REMEMBERED:
            return remembered
        counted = tx.now, horizon(tx)
        if counted[1].due + counted[1].kept >= self._many:
            self._counted[tx.org_id] = counted
        return counted


def horizon(tx: Tx) -> Horizon:
    today = day_of(tx.now)
    due, held = _due(tx), held_by_day(tx)
    kept = due.pop(None, 0)
    coming = {day: count for day, count in due.items() if day and day >= today}
    over = sum(due_days(tx, _FIRST_DAY, today - _ONE_DAY).values())
    return _put_together(today, coming, held, over, kept)


def _due(tx: Tx) -> dict[date | None, int]:
    """day → texts. What is being destroyed lies on days that are over, so an index is enough."""
    rows: Any = tx.session.execute(select(MessageRow.due_on, func.count()).group_by(MessageRow.due_on))
    return {row[0]: row[1] for row in rows}


def _put_together(today: date, due: Mapping[date, int], held: Mapping[date, int], over: int, kept: int) -> Horizon:
    grain = grain_of(today, max(due, default=today))
    spans = []
    for first, last in spans_of(grain, today, max(due, default=today)):
        days = [day for day in due if first <= day <= last]
        spans.append(Span(first, last, sum(due[day] for day in days), sum(held.get(day, 0) for day in days)))
    soon = sum(count - held.get(day, 0) for day, count in due.items() if day < today + 7 * _ONE_DAY)
    return Horizon(grain, tuple(spans), soon, over, kept)


def grain_of(today: date, last: date) -> Grain:
    """The finest of which a page can show all."""
    if last < today + timedelta(weeks=MOST_WEEKS):
        return Grain.WEEK
    months = (last.year - today.year) * 12 + last.month - today.month
    return Grain.MONTH if months < MOST_MONTHS else Grain.YEAR


def spans_of(grain: Grain, today: date, last: date) -> Iterator[tuple[date, date]]:
    """(first, last day) of each span from the one of today on: weeks from Monday, months and years of the calendar."""
    if grain is Grain.WEEK:
        last = max(last, today + timedelta(weeks=LEAST_WEEKS - 1))
    first = _begin(grain, today)
    while first <= last:
        after = _begin(grain, _next(grain, first))
        yield first, after - _ONE_DAY
        first = after


def _begin(grain: Grain, day: date) -> date:
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain is Grain.MONTH else day.replace(month=1, day=1)


def _next(grain: Grain, first: date) -> date:
    if grain is Grain.WEEK:
        return first + timedelta(weeks=1)
    if grain is Grain.MONTH and first.month < _DECEMBER:
        return first.replace(month=first.month + 1)
    return date(first.year + 1, 1, 1)
