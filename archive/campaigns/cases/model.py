"""A support case and its clock. Pure.

The provider's support starts a registration: it sends a form, and from there it takes three to four weeks (Webex
Calling, "Business Texting"). What we owe is due sooner; that bound is ours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

THEIRS: Final = timedelta(days=28)
EXPECTED: Final = timedelta(days=21)
OURS: Final = timedelta(days=3)
AHEAD: Final = timedelta(days=3)
"""So long before something is due somebody is reminded."""


class CaseState(StrEnum):
    OPENED = "opened"
    SENT = "sent"
    WAITING_PROVIDER = "waiting_provider"
    WAITING_US = "waiting_us"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Move:
    verb: str
    before: CaseState
    after: CaseState


MOVES: Final = (
    Move("send", CaseState.OPENED, CaseState.SENT),
    Move("close", CaseState.OPENED, CaseState.DONE),
    Move("note that they work on it", CaseState.SENT, CaseState.WAITING_PROVIDER),
    Move("note that they ask us", CaseState.SENT, CaseState.WAITING_US),
    Move("close", CaseState.SENT, CaseState.DONE),
    Move("note that they ask us", CaseState.WAITING_PROVIDER, CaseState.WAITING_US),
    Move("close", CaseState.WAITING_PROVIDER, CaseState.DONE),
    Move("answer", CaseState.WAITING_US, CaseState.WAITING_PROVIDER),
    Move("close", CaseState.WAITING_US, CaseState.DONE),
    Move("open again", CaseState.DONE, CaseState.WAITING_US),
)


class Urgency(StrEnum):
    """`soon`: within three days."""

    NONE = "none"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Due:
    """Until when something has to happen, and what; `ours`: by us. A done case has none."""

    at: datetime
    what: str
    ours: bool

    def urgency(self, now: datetime) -> Urgency:
        if now >= self.at:
            return Urgency.LATE
        return Urgency.SOON if now >= self.at - AHEAD else Urgency.NONE


def due(state: CaseState, since: datetime, sent_at: datetime | None) -> Due | None:
    """`since`: when it came into its state. The provider's four weeks run from sending, whatever was asked since."""
    if state is CaseState.DONE:
        return None
    if state is CaseState.OPENED:
        return Due(since + OURS, "Open the case at the provider, and note that it is sent.", True)
    if state is CaseState.WAITING_US:
        return Due(since + OURS, "The provider waits for an answer.", True)
    return Due((sent_at or since) + THEIRS, "It takes three to four weeks; after that ask the provider.", False)


def states_after(before: CaseState) -> list[CaseState]:
    return [move.after for move in MOVES if move.before is before]


def move_between(before: CaseState, after: CaseState) -> Move | None:
    return next((move for move in MOVES if (move.before, move.after) == (before, after)), None)
