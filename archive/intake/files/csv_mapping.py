"""Which column of a table is which field of a text, as somebody said it: nothing about the table is guessed."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.intake.files.csv_columns import DELIMITERS, Columns, free_name, split_header
from archive.intake.files.model import FileProblem, Mapping
from archive.intake.files.own_number import E_164

FIELDS: Final = (
    *("from", "to", "other", "own", "direction", "text", "sent_at"),
    *("provider", "account", "provider_id", "campaign", "status", "media"),
)
"""`other` is everybody but us, and `own` our number, in tables that have no sender and recipient."""
CONSTANT: Final = ("own", "direction", "provider", "account", "campaign", "status")
LONGEST: Final = 200
MOST_WORDS: Final = 20

_DIRECTIVE: Final = re.compile(r"%(.?)")
_DIRECTIVES: Final = frozenset("YymdbBHIMSfpz%")
_WHOLE_DAY: Final = ("Yy", "mbB", "d", "HI", "M")
_SAMPLE: Final = datetime(2026, 11, 23, 21, 5, 9, tzinfo=UTC)


def faults(mapping: Mapping) -> Iterator[str]:
    """What is wrong with it, whatever the table. A sentence each."""
    yield from _unknown(mapping)
    if "text" not in mapping.columns:
        yield "Say which column holds the text."
    if "other" in mapping.columns:
        if {"from", "to"} & mapping.columns.keys():
            yield "Say either from and to, or the other party, and not both."
    elif not {"from", "to"} <= mapping.columns.keys():
        yield "Say which columns hold the sender and the recipient (from, to), or the other party (other)."
    if mapping.date_format is not None and not is_date_format(mapping.date_format):
        yield "The date format lacks a part of the day, or has a part that is not known; it is like %m/%d/%Y %I:%M %p."
    if mapping.zone is not None and zone_named(mapping.zone) is None:
        yield "The time zone is not known; it is like America/New_York."


def _unknown(mapping: Mapping) -> Iterator[str]:
    for said, known in ((mapping.columns, FIELDS), (mapping.constants, CONSTANT)):
        if strangers := [name[:40] for name in said if name not in known]:
            yield f"There is no field {', '.join(strangers)[:LONGEST]}; known are {', '.join(known)}."
        if any(not 1 <= len(value.strip()) <= LONGEST for value in said.values()):
            yield f"A column or a value has 1 to {LONGEST} characters."
    if len({_plain(column) for column in mapping.columns.values()}) < len(mapping.columns):
        yield "One column can't be two fields."
    if "own" in mapping.constants and not E_164.fullmatch(mapping.constants["own"]):
        yield "Our own number is written like +14155550100."
    if mapping.constants.get("direction", "inbound") not in ("inbound", "outbound"):
        yield "A direction for all rows is inbound or outbound."
    words = (*mapping.inbound, *mapping.outbound)
    if len(words) > MOST_WORDS or any(not 1 <= len(word.strip()) <= LONGEST for word in words):
        yield f"There are up to {MOST_WORDS} words for the directions."


def is_date_format(pattern: str) -> bool:
    """Whether a day and a time of it can be read by this, and are the same when they are written by it again."""
    found = _DIRECTIVE.findall(pattern)
    if len(pattern) > LONGEST or not all(one and one in _DIRECTIVES for one in found):
        return False
    if not all(any(letter in found for letter in part) for part in _WHOLE_DAY) or ("I" in found) != ("p" in found):
        return False
    try:
        read = datetime.strptime(_SAMPLE.strftime(pattern), pattern)  # noqa: DTZ007 - a zone is none of a format's parts.
    except (ValueError, re.error):
        return False
    return (read.month, read.day, read.hour, read.minute) == (11, 23, 21, 5)


def zone_named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def columns_of(mapping: Mapping, header: Sequence[str]) -> Columns:
    """FileProblem, with the names that are there, if the table lacks one that the mapping names."""
    plain = [_plain(name) for name in header]
    missing = [column for column in mapping.columns.values() if _plain(column) not in plain]
    if missing:
        raise FileProblem(
            f"This table has no column {' and no column '.join(missing)[:300]}; "
            f"its columns are {', '.join(header)[:300]}. Choose another profile, or say its columns anew."
        )
    fields = {field: plain.index(_plain(column)) for field, column in mapping.columns.items()}
    others: dict[int, str] = {}
    for position, name in enumerate(header):
        if position not in fields.values():
            others[position] = free_name(name.strip() or f"column {position + 1}", {*fields, *others.values()})
    return Columns(fields, others)


def delimiter_for(mapping: Mapping, first_line: str) -> str:
    """The one under which most of the mapping's columns are there."""
    wanted = {_plain(column) for column in mapping.columns.values()}
    return max(DELIMITERS, key=lambda one: len(wanted & {_plain(name) for name in split_header(first_line, one)}))


def _plain(name: str) -> str:
    return name.strip().casefold()
