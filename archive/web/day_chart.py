"""A chart of days in stacked bars: its geometry, in shares of its width and in pixels of its height."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from archive.http.formats import MONTHS, day
from archive.web.horizon import grid_step

PLOT: Final = 132
_TOP: Final = 12
_BAR: Final = 0.7
_EACH: Final = 7
"""Days from label to label."""


def day_chart(days: Sequence[tuple[date, Mapping[str, int]]], marks: Mapping[date, str]) -> dict[str, Any]:
    """`days`: each with its parts, name → count, from the axis up. `marks`: what changed on a day.

    See `templates/campaigns/_days.html`.
    """
    most = max((sum(parts.values()) for _, parts in days), default=0)
    step = grid_step(most)
    lines = max(1, -(-most // step))
    return {
        "height": _TOP + PLOT,
        "lines": [{"y": _TOP + PLOT - line * PLOT // lines, "value": line * step} for line in range(lines + 1)],
        "bars": [_bar(at, len(days), on, parts, step * lines) for at, (on, parts) in enumerate(days)],
        "marks": [
            {"x": _share((at + 0.5) / len(days)), "day": day(on), "what": marks[on]}
            for at, (on, _) in enumerate(days)
            if on in marks
        ],
        "labels": [
            {"x": _share((at + 0.5) / len(days)), "label": f"{on.day} {MONTHS[on.month - 1]}"}
            for at, (on, _) in enumerate(days)
            if at % _EACH == _EACH // 2
        ],
    }


def _bar(at: int, count: int, on: date, parts: Mapping[str, int], top: int) -> dict[str, Any]:
    base, drawn = float(_TOP + PLOT), []
    for name, value in parts.items():
        height = round(PLOT * value / top, 1)
        base = round(base - height, 1)
        if value:
            drawn.append({"name": name, "y": base, "height": height})
    return {
        "x": _share((at + (1 - _BAR) / 2) / count),
        "width": _share(_BAR / count),
        "slot": _share(at / count),
        "slot_width": _share(1 / count),
        "day": day(on),
        "parts": drawn,
        "values": dict(parts),
    }


def _share(part: float) -> str:
    return f"{100 * part:.3f}%"
