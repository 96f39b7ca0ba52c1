"""The days of a campaign and what they come to. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from archive.core.clock import DAY, day_of
from archive.deliveries.model import Report, outcomes
from archive.messages.flags import AFTER_OPT_OUT, NO_ACTIVE_CAMPAIGN, NOT_FOR_CARRIER, OVER_THE_CAP, UNAUTHORISED_NUMBER

DAYS: Final = 30
LOOKED_AT: Final = 1_000
"""So many of the newest texts that went out are opened to see what their providers said of them."""

AT_FAULT: Final = (NO_ACTIVE_CAMPAIGN, NOT_FOR_CARRIER, OVER_THE_CAP, UNAUTHORISED_NUMBER, AFTER_OPT_OUT)
"""Flags of texts that should not have gone out."""


class Outcome(StrEnum):
    """What became of a text, as far as its provider has said. `silent`: it has said nothing."""

    DELIVERED = "delivered"
    UNDERWAY = "underway"
    BLOCKED = "blocked"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    SILENT = "silent"


LOST: Final = frozenset({Outcome.BLOCKED, Outcome.UNDELIVERED, Outcome.FAILED})

_BY_STATUS: Final = {
    **dict.fromkeys(("delivered", "read", "received"), Outcome.DELIVERED),
    **dict.fromkeys(
        ("accepted", "scheduled", "queued", "sending", "sent", "dispatched", "submitted", "buffered"), Outcome.UNDERWAY
    ),
    **dict.fromkeys(("blocked", "rejected", "filtered"), Outcome.BLOCKED),
    **dict.fromkeys(("undelivered", "undeliverable", "expired", "delivery_unconfirmed"), Outcome.UNDELIVERED),
    **dict.fromkeys(
        ("failed", "sending_failed", "delivery_failed", "aborted", "canceled", "cancelled"), Outcome.FAILED
    ),
}


_BAD_FIRST: Final = (Outcome.BLOCKED, Outcome.FAILED, Outcome.UNDELIVERED, Outcome.UNDERWAY, Outcome.DELIVERED)


def outcome_of_reports(reports: Iterable[Report]) -> tuple[Outcome, str | None]:
    """(what became of a text, the category of the error) by the reports on it; to several, the worst counts."""
    last = [(outcome_of(report.status), report.category) for report in outcomes(reports).values()]
    return min(last, key=lambda one: _BAD_FIRST.index(one[0]))


def outcome_of(status: str | None) -> Outcome:
    """By the provider's word, whichever provider's."""
    word = (status or "").strip().casefold().removeprefix("message-")
    return _BY_STATUS.get(word, Outcome.SILENT if not word else Outcome.UNDERWAY)


@dataclass(slots=True)
class Day:
    """One UTC day. `at_fault`: texts that went out with a flag of `AT_FAULT`."""

    on: date
    sent: int = 0
    received: int = 0
    at_fault: int = 0
    opt_outs: int = 0
    complaints: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about the campaign changed on that day: `what`, in the words of the ledger."""

    on: date
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """`flags`: of texts that went out, how many with which. `outcomes`: of the newest, what became of them, and
    `categories` of error for which they were lost, where the provider gave a code that is known.
    """

    days: tuple[Day, ...]
    marks: tuple[Mark, ...]
    flags: Mapping[str, int]
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)

    def total(self, what: str) -> int:
        return sum(int(getattr(day, what)) for day in self.days)

    @property
    def blocked_share(self) -> float | None:
        """Of those of which the provider has said what became; None if it has said it of none."""
        told = sum(self.outcomes.get(one, 0) for one in Outcome if one not in (Outcome.SILENT, Outcome.UNDERWAY))
        lost = sum(self.outcomes.get(one, 0) for one in LOST)
        return lost / told if told else None


class Times:
    """When a number was on the campaign: stretches of (since, until), until None where it still is."""

    def __init__(self, stretches: Iterable[tuple[datetime, datetime | None]]) -> None:
        self._stretches = sorted(stretches, key=lambda stretch: stretch[0])
        self._starts = [since for since, _ in self._stretches]

    def hold(self, at: datetime) -> bool:
        found = bisect_right(self._starts, at) - 1
        if found < 0:
            return False
        until = self._stretches[found][1]
        return until is None or at < until


def empty_days(now: datetime) -> dict[date, Day]:
    """The last thirty, today as the last of them."""
    today = day_of(now)
    return {on: Day(on) for on in (today - DAY * back for back in range(DAYS - 1, -1, -1))}


def marks_of(changes: Sequence[tuple[datetime, str]], days: Mapping[date, Day]) -> tuple[Mark, ...]:
    by_day: dict[date, list[str]] = {}
    for at, what in changes:
        if day_of(at) in days:
            by_day.setdefault(day_of(at), []).append(what)
    return tuple(Mark(on, tuple(dict.fromkeys(what))) for on, what in sorted(by_day.items()))


def count_flags(flags: Iterable[str]) -> Counter[str]:
    return Counter(flag for flag in flags if flag in AT_FAULT)
