"""A purge batch: everything of one organisation that expires on one day, and how far its destruction is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec

from archive.core.clock import DAY
from archive.retention.breakers import Breaker, Trip
from archive.retention.period import PLANNED_AHEAD
from archive.retention.serials import NOTHING, unpack

WEEK: Final = timedelta(days=PLANNED_AHEAD)
CLOCK_TRUSTED: Final = timedelta(hours=72)
"""For so long an approval speaks for the clock. What it says of the rest stays true."""

SETTLING: Final = timedelta(minutes=5)
"""A day is over for everybody when the slowest clock says so, and some minutes have passed: the object store ends its
locks by a clock of its own.
"""


class State(StrEnum):
    """What is stored. From `SHREDDING` there is no way but forward."""

    PLANNED = "planned"
    SHREDDING = "shredding"
    CERTIFIED = "certified"


class Standing(StrEnum):
    """What a person is told: a planned batch may wait for them, or have been allowed by them."""

    PLANNED = "planned"
    WAITING = "waiting"
    APPROVED = "approved"
    SHREDDING = "shredding"
    CERTIFIED = "certified"


class Step(StrEnum):
    """What is done after a batch has begun, in this order; each is safe to repeat."""

    INDEX = "index"
    SEALING = "sealing"
    VAULT = "vault"
    KEYS = "keys"
    COPIES = "copies"
    ROWS = "rows"
    LOG = "log"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who let a batch go in spite of which breakers."""

    by: str
    at: datetime
    breakers: frozenset[Breaker]

    def covers(self, trip: Trip, now: datetime) -> bool:
        fresh = self.at <= now <= self.at + CLOCK_TRUSTED
        return trip.breaker in self.breakers and (fresh or trip.breaker is not Breaker.CLOCKS)


@dataclass(frozen=True, slots=True)
class Batch:
    """`texts` and `items` (of the quarantine) are those in the plan; `held` and `longer` of that day were not in it.

    `numbers`: own number → how many of the texts. `policy`: the ledger entry of the newest policy that the plan was
    made with. `planned` and `taken`: serials, packed; of what the batch took when it began, `destroyed_items` were of
    the quarantine. `stays`, packed: what was sealed anew and outlives the batch. `keys`: key → how many of what it took
    were sealed under it. `steps`: when each was done, and what it says.
    """

    id: str
    expires_on: date
    state: State
    planned_at: datetime
    plan_entry: int
    policy: int
    texts: int
    items: int
    held: int
    longer: int
    numbers: Mapping[str, int]
    planned: bytes
    trips: tuple[Trip, ...] = ()
    approval: Approval | None = None
    begun_at: datetime | None = None
    begun_entry: int | None = None
    taken: bytes = NOTHING
    destroyed_items: int = 0
    stays: bytes = NOTHING
    kept: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[int, int] = field(default_factory=dict)
    needles: tuple[bytes, ...] = ()
    steps: Mapping[Step, Mapping[str, Any]] = field(default_factory=dict)
    certified_at: datetime | None = None
    certificate: str | None = None

    @property
    def ends_at(self) -> datetime:
        return end_of(self.expires_on)

    @property
    def serials(self) -> list[int]:
        """The plan, in order."""
        return unpack(self.planned)

    @property
    def destroyed(self) -> list[int]:
        """What it took, in order."""
        return unpack(self.taken)

    @property
    def staying(self) -> list[int]:
        """What was sealed anew because of it, in order."""
        return unpack(self.stays)

    @property
    def size(self) -> int:
        """How many texts and items are in the plan."""
        return self.texts + self.items

    def done_at(self, step: Step) -> datetime:
        return msgspec.convert(self.steps[step]["at"], datetime)

    @property
    def next_step(self) -> Step | None:
        return next((step for step in Step if step not in self.steps), None)

    def unapproved(self, now: datetime) -> tuple[Trip, ...]:
        """What keeps a planned batch waiting for a person."""
        return tuple(trip for trip in self.trips if not (self.approval and self.approval.covers(trip, now)))

    def standing(self, now: datetime) -> Standing:
        if self.state is not State.PLANNED:
            return Standing(self.state.value)
        if self.unapproved(now):
            return Standing.WAITING
        return Standing.APPROVED if self.approval else Standing.PLANNED

    def is_ripe(self, earliest: datetime) -> bool:
        """`earliest`: what the slowest clock says."""
        return earliest >= self.ends_at + SETTLING


def end_of(day: date) -> datetime:
    """The moment at which a UTC day is over."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + DAY


def batch_id(day: date, number: int) -> str:
    """`2027-12-28`, and `2027-12-28.2` for what turned up for a day whose batch was through already."""
    return day.isoformat() if number == 1 else f"{day.isoformat()}.{number}"
