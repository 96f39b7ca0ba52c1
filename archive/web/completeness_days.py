"""The strips of days: a row for each number or account, a cell for each day, and what they come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

from archive.completeness.gap import Gap
from archive.completeness.model import Cell
from archive.completeness.reading import Completeness
from archive.completeness.standing import Standing, State
from archive.core.clock import DAY
from archive.http.formats import MONTHS, day
from archive.http.translation import _

HEIGHT: Final = 26
_HEIGHTS: Final = {"lacking": 26, "known": 26, "surplus": 18, "not-yet": 8, "whole": 12, "unknown": 4}
_SHARE: Final = 0.82
"""Of its slot that a cell fills."""
_LABELLED: Final = 7


_Key = tuple[str, str, str]
"""Number, or provider and account."""


class Mark(StrEnum):
    """How a cell is drawn, what weighs most first. `KNOWN`: somebody has acknowledged what is missing."""

    LACKING = "lacking"
    KNOWN = "known"
    SURPLUS = "surplus"
    NOT_YET = "not-yet"
    WHOLE = "whole"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Row:
    """`number`, or the `account` of a `provider`. `expected` is None where no provider has said anything of these days;
    if one has, all sums are of the days that it has spoken of."""

    number: str
    provider: str
    account: str
    marks: dict[date, Mark] = field(default_factory=dict)
    expected: int | None = None
    stored: int = 0
    missing: int = 0

    def add(self, on: date, mark: Mark) -> None:
        before = self.marks.get(on, Mark.UNKNOWN)
        self.marks[on] = min(before, mark, key=list(Mark).index)

    def count_in(self, one: Standing) -> None:
        if one.expected is not None:
            self.stored = one.stored + (0 if self.expected is None else self.stored)
            self.expected = one.expected + (self.expected or 0)
            self.missing += one.missing if one.state is State.LACKING else 0
        elif self.expected is None:
            self.stored += one.stored

    @property
    def href(self) -> str:
        named = {"number": self.number} if self.number else {"provider": self.provider, "account": self.account}
        return f"/completeness?{urlencode(named)}"

    def count(self, mark: Mark) -> int:
        return sum(one is mark for one in self.marks.values())


def rows_of(found: Completeness) -> list[Row]:
    """Those that lack something first, then by number; accounts last."""
    rows: dict[_Key, Row] = {}
    for one in found.standings:
        row = _row(rows, one.cell)
        row.add(one.cell.day, Mark(one.state.value))
        row.count_in(one)
    for gap in found.gaps:
        if gap.is_open and (gap.short.cell.number or gap.short.cell.account):
            _row(rows, gap.short.cell).add(gap.short.cell.day, Mark.LACKING)
    _soften(rows, [gap for gap in found.gaps if gap.is_open])
    return sorted(rows.values(), key=lambda row: (not row.count(Mark.LACKING), not row.number, row.number, row.account))


def cells_of(row: Row, found: Completeness) -> list[dict[str, Any]]:
    """From the first day to the last, in shares of the width."""
    days = _days(found)
    return [
        {
            "mark": mark.value,
            "x": _share((at + (1 - _SHARE) / 2) / len(days)),
            "width": _share(_SHARE / len(days)),
            "y": HEIGHT - _HEIGHTS[mark.value],
            "height": _HEIGHTS[mark.value],
            "title": f"{day(on)}: {mark_label(mark)}",
        }
        for at, (on, mark) in enumerate((on, row.marks.get(on, Mark.UNKNOWN)) for on in days)
    ]


def labels_of(found: Completeness) -> list[dict[str, str]]:
    days = _days(found)
    return [
        {"x": _share((at + 0.5) / len(days)), "label": f"{on.day} {MONTHS[on.month - 1]}"}
        for at, on in enumerate(days)
        if at % _LABELLED == _LABELLED // 2
    ]


def mark_label(mark: Mark) -> str:
    return {
        Mark.LACKING: _("texts are missing"),
        Mark.KNOWN: _("missing, and acknowledged"),
        Mark.SURPLUS: _("more than the provider says"),
        Mark.NOT_YET: _("not closed yet"),
        Mark.WHOLE: _("complete"),
        Mark.UNKNOWN: _("no count of the provider"),
    }[mark]


def mark_of(one: Standing, gaps: Iterable[Gap]) -> Mark:
    """`KNOWN` where somebody has acknowledged what it lacks."""
    theirs = [gap for gap in gaps if gap.is_open and gap.short.cell == one.cell]
    is_known = bool(theirs) and not any(gap.is_alarm for gap in theirs)
    return Mark.KNOWN if one.state is State.LACKING and is_known else Mark(one.state.value)


def _key(cell: Cell) -> _Key:
    return (cell.number, "", "") if cell.number else ("", cell.provider, cell.account)


def _row(rows: dict[_Key, Row], cell: Cell) -> Row:
    return rows.setdefault(_key(cell), Row(*_key(cell)))


def _soften(rows: Mapping[_Key, Row], gaps: Sequence[Gap]) -> None:
    """A day whose gaps have all been acknowledged is no alarm."""
    alarms = {(_key(gap.short.cell), gap.short.cell.day) for gap in gaps if gap.is_alarm}
    for key, on in {(_key(gap.short.cell), gap.short.cell.day) for gap in gaps} - alarms:
        row = rows.get(key)
        if row and row.marks.get(on) is Mark.LACKING:
            row.marks[on] = Mark.KNOWN


def _days(found: Completeness) -> list[date]:
    return [found.first + DAY * step for step in range((found.last - found.first).days + 1)]


def _share(part: float) -> str:
    return f"{100 * part:.3f}%"


def of_one(found: Iterable[Standing], provider: str, account: str) -> list[Standing]:
    """Those of an account, as a whole."""
    return [
        one for one in found if not one.cell.number and (one.cell.provider, one.cell.account) == (provider, account)
    ]
