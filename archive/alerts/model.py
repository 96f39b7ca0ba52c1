"""An alert, and what is added to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

EXAMPLES: Final = 10
"""Serials of texts that an alert names; how many there are in all is its count."""


@dataclass(frozen=True, slots=True)
class Cause:
    """`kind`: what is wrong, as `number-unregistered`. `about`: what it is wrong with, as `number:+12125550123`."""

    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that it was so. `entry` of the ledger says so; `serial`: the text that it happened to, if it was one."""

    entry: int
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """`day`: the UTC day that it is about. `count`: how often; `serials`: the first texts. `closed_because` is typed by
    a person, or says what has made an end of it."""

    id: str
    cause: Cause
    day: date
    opened_at: datetime
    last_at: datetime
    count: int
    serials: tuple[int, ...]
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None


def examples(before: Iterable[int], new: Iterable[Occurrence]) -> tuple[int, ...]:
    """Each text once, the first of them."""
    more = (one.serial for one in new if one.serial is not None)
    return tuple(dict.fromkeys([*before, *more]))[:EXAMPLES]
