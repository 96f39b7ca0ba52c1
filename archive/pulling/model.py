"""What is listed next, and what came of a run. Pure.

Time is listed in days of UTC, as far as a provider lists a day at once, and else in parts of one. What comes late is
found by looking back: a little each hour, and three days once a day.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from archive.core.errors import BadInput
from archive.providers.listed.frame import DAY, Slice

EACH_HOUR: Final = timedelta(hours=6)
EACH_DAY: Final = timedelta(days=3)
AT_FIRST: Final = timedelta(days=7)

BORDER: Final = timedelta(minutes=15)
"""So long after midnight no text is listed any more that belongs to the day before."""

EVERY: Final = timedelta(hours=1)
AFTER_FAILURE: Final = timedelta(minutes=15)
LEASE: Final = timedelta(minutes=20)
"""A run that says nothing for so long has died. Nobody waits so long for one answer."""


class Ended(StrEnum):
    """`PAUSED`: there is more, and the next run goes on there."""

    DONE = "done"
    PAUSED = "paused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be listed. `until` is exclusive. `by_hand`: somebody has asked for just that."""

    since: datetime
    until: datetime
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """What pages have brought. `failures`: items that could not be read, and are in quarantine. `reports`: on texts."""

    pages: int = 0
    new: int = 0
    duplicates: int = 0
    failures: int = 0
    reports: int = 0

    def __add__(self, other: "Brought") -> "Brought":
        return Brought(
            self.pages + other.pages,
            self.new + other.new,
            self.duplicates + other.duplicates,
            self.failures + other.failures,
            self.reports + other.reports,
        )


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `since` to `until` is what it was to list; `reached`: how far it has got. `why`: what went wrong, and
    `next_step`: what to do about it."""

    started_at: datetime
    ended_at: datetime
    since: datetime
    until: datetime
    reached: datetime
    ended: Ended
    brought: Brought = field(default_factory=Brought)
    why: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """`granted_at`: since when its credentials are known, None without any. `through_at`: everything before that is
    listed. `running`: somebody is at it."""

    provider: str
    account: str
    granted_at: datetime | None
    through_at: datetime | None = None
    due_at: datetime | None = None
    running: bool = False
    last: Run | None = None


def planned(through: datetime | None, now: datetime, keeps: timedelta) -> Plan:
    """What to list when nobody asks for anything else. `through`: everything before that is listed."""
    if through is None:
        since = now - AT_FIRST
    else:
        since = through - (EACH_DAY if _midnight_has_passed(through, now) else EACH_HOUR)
    return Plan(max(day_start(since), _first_whole_day(now, keeps)), now)


def asked_for(since: date | None, until: date | None, now: datetime, keeps: timedelta) -> Plan:
    """By dates of UTC, both included. What the provider doesn't keep any more is left out. Raises `BadInput`."""
    if since and until and since > until:
        raise BadInput(f"{since} is after {until}.", "Give the earlier day first.")
    earliest = _first_whole_day(now, keeps)
    start = max(_midnight(since), earliest) if since else earliest
    end = min(_midnight(until) + DAY, now) if until else now
    return Plan(start, max(start, end), by_hand=True)


def next_slice(plan: Plan, at: datetime, longest: timedelta) -> Slice | None:
    """The one that begins at `at`; None at the plan's end. None reaches over midnight."""
    if at >= plan.until:
        return None
    return Slice(at, min(at + longest, day_start(at) + DAY))


def through_after(through: datetime | None, plan: Plan) -> datetime | None:
    """What was asked for by hand moves that on where it leaves nothing out."""
    if plan.by_hand and (through is None or plan.since > through):
        return through
    return plan.until if through is None else max(through, plan.until)


def _midnight_has_passed(through: datetime, now: datetime) -> bool:
    """And so long ago that the day before it can be counted."""
    return day_start(through - BORDER) < day_start(now - BORDER)


def day_start(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _first_whole_day(now: datetime, keeps: timedelta) -> datetime:
    """Before that a provider has forgotten some or all of a day."""
    return day_start(now - keeps) + DAY


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
