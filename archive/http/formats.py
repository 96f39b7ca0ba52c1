"""How moments, numbers and texts are written on a page. Pure functions; `wsgi` makes them filters of the templates."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from markupsafe import Markup, escape

from archive.core.phone import display

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STEP = 1000
_SPANS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_UNITS = (("kB", _STEP), ("MB", _STEP**2), ("GB", _STEP**3))

# What a browser can't show: control characters but tab and line ends, and halves of surrogate pairs.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}


def moment(at: datetime) -> Markup:
    """`23 Nov 2026, 09:00:05 UTC`, and the same for machines."""
    at = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}, {:%H:%M:%S} UTC</time>').format(at.isoformat(), day(at), at)


def day(on: date) -> str:
    """`23 Nov 2026`; of a moment, its day in UTC."""
    on = on.astimezone(UTC) if isinstance(on, datetime) else on
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
    """`Monday, 23 Nov 2026`."""
    on = on.astimezone(UTC) if isinstance(on, datetime) else on
    return f"{_DAYS[on.weekday()]}, {day(on)}"


def clock(at: datetime) -> str:
    """`09:00` in UTC."""
    return f"{at.astimezone(UTC):%H:%M}"


def phone(number: str) -> str:
    """`+1 (415) 555-0188`; what is no such number stays as it is."""
    return display(number)


def number(value: int) -> str:
    """`2,118,204`."""
    return f"{value:,}"


def size(count: int) -> str:
    """Bytes as people say them: `312 bytes`, `4.1 kB`, `32 MB`."""
    if count < _STEP:
        return f"{count} byte" if count == 1 else f"{count} bytes"
    unit, scale = next(((name, scale) for name, scale in _UNITS if count < scale * _STEP), _UNITS[-1])
    value = count / scale
    return f"{value:.1f} {unit}" if value < 10 and not value.is_integer() else f"{value:.0f} {unit}"  # noqa: PLR2004


def span(seconds: float) -> str:
    """How long something takes: `0.3 s`, `20 s`, `90 min`, `1 h`, `26 h`; of a unit there are two or exactly one."""
    for unit, length in _SPANS:
        if seconds >= 2 * length or seconds == length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.2g} s"


def coded(text: str) -> Markup:
    """What stands between back quotes as <code>; everything escaped."""
    parts = text.split("`")
    pieces = [Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)]
    return Markup("").join(pieces)


def initials(name: str) -> str:
    """`DW` for Dana Whitfield, `M` for Madonna."""
    words = [word for word in name.split() if word[0].isalnum()] or name.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else ""


def marked(text: str, marks: Iterable[Sequence[int]]) -> Markup:
    """`text` with its `marks` (spans of code points, in any order, may overlap) as <mark>; everything escaped."""
    parts: list[Markup] = []
    at = 0
    for first, end in sorted((span[0], min(len(text), span[1])) for span in marks):
        start = max(first, at)
        if start < end:
            parts += [_shown(text[at:start]), Markup("<mark>{}</mark>").format(_shown(text[start:end]))]
            at = end
    return Markup("").join([*parts, _shown(text[at:])])


def _shown(text: str) -> Markup:
    """Escaped, with a picture in place of what can't be seen: a text must not be able to hide a part of itself."""
    return escape(_UNSEEN.sub(_picture, text))


def _picture(match: re.Match[str]) -> str:
    return _PICTURES.get(ord(match[0]), "\ufffd")
