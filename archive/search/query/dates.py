"""Dates in a query: `2026-11-01`, `2026-11`, `2026`, `2026-11-01T14:30Z`."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from archive.search.query.error import Mistake
from archive.search.query.model import Sent, When

_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2999
_DECEMBER: Final = 12

_period: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_moment: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?(Z|[+-]\d{2}:?\d{2})?", re.ASCII | re.IGNORECASE
)
_HOW: Final = "Write the date as 2026-11-01, 2026-11 or 2026, or a moment as 2026-11-01T14:30Z."


def sent(when: When, text: str, zone: tzinfo = UTC) -> Sent:
    """What `after:`, `before:` and `on:` mean by the text. Days are days of the zone. Raises Mistake."""
    value, start, until = _read(text, zone)
    if when == "after":
        return Sent(when, value, start, None)
    if when == "before":
        return Sent(when, value, None, start)
    return Sent(when, value, start, until)


def _read(text: str, zone: tzinfo) -> tuple[str, datetime, datetime]:
    try:
        if match := _period.fullmatch(text):
            return _read_period([int(part) for part in match.groups() if part], zone)
        if match := _moment.fullmatch(text):
            return _read_moment(match, zone)
    except (ValueError, OverflowError):
        raise Mistake(f"There is no such date as {text}.", _HOW) from None
    raise Mistake(f"{text} is not a date.", _HOW)


def _read_period(parts: list[int], zone: tzinfo) -> tuple[str, datetime, datetime]:
    year, month, day = (*parts, 1, 1)[:3]
    first = datetime(_checked(year), month, day, tzinfo=zone)
    value = "-".join([f"{year:04}", *(f"{part:02}" for part in parts[1:])])
    return value, first.astimezone(UTC), _next(first, len(parts)).astimezone(UTC)


def _next(first: datetime, precision: int) -> datetime:
    """The start of the next year, month or day: wall-clock arithmetic, so that days of 23 hours are whole."""
    if precision == 1:
        return first.replace(year=first.year + 1)
    if precision == 2:  # noqa: PLR2004 - year and month were given
        later = first.month == _DECEMBER
        return first.replace(year=first.year + later, month=1 if later else first.month + 1)
    return first + timedelta(days=1)


def _read_moment(match: re.Match[str], zone: tzinfo) -> tuple[str, datetime, datetime]:
    date, minute, second, offset = match.groups()
    written = datetime.fromisoformat(f"{date}T{minute}{second or ''}{(offset or '').upper()}")
    _checked(written.year)
    start = (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)
    shown = start.strftime("%Y-%m-%dT%H:%M:%SZ" if start.second else "%Y-%m-%dT%H:%MZ")
    return shown, start, start + timedelta(seconds=1 if start.second else 60)


def _checked(year: int) -> int:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(year)
    return year
