"""The chart of what goes when: its geometry, in shares of its width and in pixels of its height, and its words."""

from datetime import datetime
from typing import Any, Final

from archive.http.formats import MONTHS, day
from archive.http.translation import _
from archive.retention.horizon import Grain, Horizon, Span

PLOT: Final = 168
"""Pixels from the axis to the highest grid line."""

_TOP: Final = 12
_BAR: Final = 0.74
_MOST_LINES: Final = 5


def horizon_chart(at: datetime, found: Horizon) -> dict[str, Any]:
    """`at`: when it was counted. See `templates/retention/_horizon.html`."""
    most = max((span.due for span in found.spans), default=0)
    step = grid_step(most)
    lines = max(1, -(-most // step))
    return {
        "at": at,
        "grain": _grain_label(found.grain),
        "soon": found.soon,
        "overdue": found.overdue,
        "kept": found.kept,
        "due": found.due,
        "held": found.held,
        "height": _TOP + PLOT,
        "lines": [{"y": _TOP + PLOT - line * PLOT // lines, "value": line * step} for line in range(lines + 1)],
        "bars": [_bar(at, span, len(found.spans), step * lines) for at, span in enumerate(found.spans)],
        "marks": _marks(found),
        "rows": [_row(found.grain, span) for span in found.spans if span.due],
    }


def grid_step(most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … of which five reach up to `most`."""
    scale = 1
    while True:
        for step in (scale, 2 * scale, 5 * scale):
            if step * _MOST_LINES >= most:
                return step
        scale *= 10


def _bar(at: int, span: Span, count: int, top: int) -> dict[str, Any]:
    going, held = span.due - span.held, span.held
    going_height, held_height = (round(PLOT * part / top, 1) for part in (going, held))
    base = _TOP + PLOT
    return {
        "x": _share((at + (1 - _BAR) / 2) / count),
        "width": _share(_BAR / count),
        "slot": _share(at / count),
        "slot_width": _share(1 / count),
        "going": {"y": round(base - going_height, 1), "height": going_height} if going else None,
        "held": {"y": round(base - going_height - held_height, 1), "height": held_height} if held else None,
        "days": _days(span),
        "due": span.due,
        "kept": held,
    }


def _share(part: float) -> str:
    return f"{100 * part:.3f}%"


def _marks(found: Horizon) -> list[dict[str, Any]]:
    """Below the axis: the first span of each month, or of each year. `minor` ones are left out where it is narrow."""
    marks, count, before = [], len(found.spans), None
    for at, span in enumerate(found.spans):
        month = (span.last.year, span.last.month)
        if found.grain is Grain.WEEK and before is not None and month != before:
            label = str(span.last.year) if span.last.month == 1 else MONTHS[span.last.month - 1]
            marks.append(_mark(at, count, label, minor=span.last.month % 3 != 1))
        elif found.grain is Grain.MONTH and span.first.month in (1, 7):
            label = str(span.first.year) if span.first.month == 1 else MONTHS[span.first.month - 1]
            marks.append(_mark(at, count, label, minor=span.first.month != 1))
        elif found.grain is Grain.YEAR:
            marks.append(_mark(at, count, str(span.first.year), minor=at % 2 == 1))
        before = month
    return marks


def _mark(at: int, count: int, label: str, *, minor: bool) -> dict[str, Any]:
    return {"x": _share((at + 0.5) / count), "label": label, "minor": minor}


def _row(grain: Grain, span: Span) -> dict[str, Any]:
    label = {
        Grain.WEEK: day(span.first),
        Grain.MONTH: f"{MONTHS[span.first.month - 1]} {span.first.year}",
        Grain.YEAR: str(span.first.year),
    }[grain]
    return {"label": label, "due": span.due, "held": span.held, "going": span.due - span.held}


def _days(span: Span) -> str:
    return _("%(first)s to %(last)s", first=day(span.first), last=day(span.last))


def _grain_label(grain: Grain) -> str:
    return {Grain.WEEK: _("Week of"), Grain.MONTH: _("Month"), Grain.YEAR: _("Year")}[grain]
