"""What is known of scheduled work: duties, leases, runs and how each job stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archive.core.clock import from_micros, to_micros
from archive.core.errors import Conflict

_MICROS = 1_000_000
_PERIODS_LATE = 3
_LEAST_LATE, _MOST_LATE = timedelta(minutes=2), timedelta(hours=2)

Counts = Mapping[str, int]
"""What a run did, in numbers: {"texts_indexed": 3}. All zero, or empty: there was nothing to do."""


class Outcome(StrEnum):
    DONE = "done"
    IDLE = "idle"
    FAILED = "failed"
    LOST = "lost"
    """Its process ended, or hung, without a word; another one took over."""


class LeaseLost(Conflict):
    """The work was taken over by another process while this one hung, so nothing more of it is committed here."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A job and its rhythm: due each `every_seconds`, counted from 1970-01-01 UTC and shifted by `at_seconds`.

    Of a daily job that is the time after midnight.
    """

    job: str
    every_seconds: int
    at_seconds: int = 0
    about: str = ""

    def newest(self, now: datetime) -> datetime:
        """The last due time that is not after `now`."""
        period, shift = self.every_seconds * _MICROS, self.at_seconds * _MICROS
        return from_micros((to_micros(now) - shift) // period * period + shift)

    def after(self, moment: datetime) -> datetime:
        return self.newest(moment) + timedelta(seconds=self.every_seconds)

    @property
    def late_after(self) -> timedelta:
        """Three periods without success, but at least two minutes, and of a long period no more than two hours extra.

        So a daily job is late after 26 hours.
        """
        period = timedelta(seconds=self.every_seconds)
        return max(_LEAST_LATE, min(_PERIODS_LATE * period, period + _MOST_LATE))


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to carry out a job for one due time. `token` is higher than that of every lease before it."""

    job: str
    token: int
    due_at: datetime
    started_at: datetime
    holder: str


@dataclass(frozen=True, slots=True)
class JobState:
    """What is known of a job. Everything from `due_at` to `outcome` is about the run that was begun last.

    `leased_until` is None once the run has ended by itself. `failures`: how many in a row. `good_at`: when a run last
    succeeded. `done` to `lost`: how many runs ended so, since the job is `known_at` all.
    """

    duty: Duty
    known_at: datetime
    token: int = 0
    holder: str = ""
    due_at: datetime | None = None
    started_at: datetime | None = None
    leased_until: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    failures: int = 0
    good_at: datetime | None = None
    done: int = 0
    idle: int = 0
    failed: int = 0
    lost: int = 0

    @property
    def job(self) -> str:
        return self.duty.job

    @property
    def runs(self) -> dict[Outcome, int]:
        return {outcome: getattr(self, outcome.value) for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the past. `ended_at` of a lost one is when that was noticed."""

    job: str
    token: int
    due_at: datetime
    started_at: datetime
    ended_at: datetime
    holder: str
    outcome: Outcome
    error: str | None
    counts: Counts
