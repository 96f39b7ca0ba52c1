"""How far a campaign is, at each level that has a say: all there is to it is the one table below.

A campaign passes the registry, then the provider, then the direct-connect aggregator (DCA), and each carrier; any of
them may stop it later, and so may we. The pictures in docs/campaigns.md are drawn from this table, and a test compares
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """`own`: ours, whether we let it run."""

    OWN = "own"
    REGISTRY = "registry"
    PROVIDER = "provider"
    DCA = "dca"
    CARRIER = "carrier"


class State(StrEnum):
    """Of all levels together; which of them a level knows, the table says."""

    RUNNING = "running"
    PAUSED = "paused"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    OPEN = "open"
    PENDING = "pending"
    ACCEPTED = "accepted"
    COMPLETE = "complete"
    REVIEW = "review"
    APPROVED = "approved"
    REJECTED = "rejected"
    DECLINED = "declined"


FIRST = {
    Level.OWN: State.RUNNING,
    Level.REGISTRY: State.DRAFT,
    Level.PROVIDER: State.OPEN,
    Level.DCA: State.OPEN,
    Level.CARRIER: State.OPEN,
}
"""Where each level begins. `open`: it has said nothing yet."""


@dataclass(frozen=True, slots=True)
class Move:
    """`verb`: what a person calls it, empty where only the registry does it. `event`: what the registry calls it, with
    which it happens by itself; what a person enters by hand is for all that its webhook did not bring."""

    level: Level
    before: State
    after: State
    verb: str = ""
    event: str = ""


def _each(level: Level, before: tuple[State, ...], after: State, verb: str = "", event: str = "") -> tuple[Move, ...]:
    return tuple(Move(level, state, after, verb, event) for state in before)


MOVES = (
    Move(Level.OWN, State.RUNNING, State.PAUSED, "pause"),
    Move(Level.OWN, State.PAUSED, State.RUNNING, "resume"),
    Move(Level.REGISTRY, State.DRAFT, State.SUBMITTED, "submit"),
    Move(Level.REGISTRY, State.SUBMITTED, State.DRAFT, "take back"),
    Move(Level.REGISTRY, State.SUBMITTED, State.REJECTED, "note a rejection"),
    Move(Level.REGISTRY, State.REJECTED, State.SUBMITTED, "submit again", "CAMPAIGN_RESUBMISSION"),
    *_each(
        Level.REGISTRY,
        (State.DRAFT, State.SUBMITTED, State.REJECTED),
        State.ACTIVE,
        "note the registration",
        "CAMPAIGN_ADD",
    ),
    Move(Level.REGISTRY, State.ACTIVE, State.SUSPENDED, "note a suspension"),
    Move(Level.REGISTRY, State.SUSPENDED, State.ACTIVE, "note the end of it"),
    *_each(
        Level.REGISTRY,
        (State.DRAFT, State.SUBMITTED, State.REJECTED, State.ACTIVE, State.SUSPENDED),
        State.EXPIRED,
        "note that it ended",
        "CAMPAIGN_EXPIRED",
    ),
    *_each(
        Level.PROVIDER, (State.OPEN, State.DECLINED), State.PENDING, "note that it is with them", "CAMPAIGN_SHARE_ADD"
    ),
    *_each(
        Level.PROVIDER, (State.OPEN, State.PENDING), State.ACCEPTED, "note that they accept", "CAMPAIGN_SHARE_ACCEPT"
    ),
    *_each(
        Level.PROVIDER,
        (State.OPEN, State.PENDING, State.ACCEPTED),
        State.DECLINED,
        "note that they decline",
        "CAMPAIGN_SHARE_DELETE",
    ),
    Move(Level.DCA, State.OPEN, State.PENDING, "note that it is with them"),
    *_each(
        Level.DCA,
        (State.OPEN, State.PENDING, State.REJECTED),
        State.COMPLETE,
        "note the election",
        "CAMPAIGN_DCA_COMPLETE",
    ),
    *_each(Level.DCA, (State.OPEN, State.PENDING, State.COMPLETE), State.REJECTED, "note a rejection"),
    Move(Level.DCA, State.REJECTED, State.PENDING, "submit again", "CAMPAIGN_RESUBMISSION"),
    Move(Level.CARRIER, State.OPEN, State.REVIEW, "note that it is reviewed", "MNO_CAMPAIGN_OPERATION_REVIEW"),
    *_each(
        Level.CARRIER,
        (State.OPEN, State.REVIEW),
        State.APPROVED,
        "note the approval",
        "MNO_CAMPAIGN_OPERATION_APPROVED",
    ),
    *_each(
        Level.CARRIER,
        (State.OPEN, State.REVIEW, State.APPROVED),
        State.REJECTED,
        "note a rejection",
        "MNO_CAMPAIGN_OPERATION_REJECTED",
    ),
    Move(Level.CARRIER, State.REJECTED, State.REVIEW, "submit again", "CAMPAIGN_RESUBMISSION"),
    *_each(
        Level.CARRIER,
        (State.OPEN, State.REVIEW, State.APPROVED, State.REJECTED),
        State.SUSPENDED,
        "note a suspension",
        "MNO_CAMPAIGN_OPERATION_SUSPENDED",
    ),
    Move(Level.CARRIER, State.SUSPENDED, State.APPROVED, "note the end of it", "MNO_CAMPAIGN_OPERATION_UNSUSPENDED"),
)


@dataclass(frozen=True, slots=True)
class Levels:
    """Where a campaign is. `carriers`: the registry's id → its state, of those that have said something."""

    own: State = State.RUNNING
    registry: State = State.DRAFT
    provider: State = State.OPEN
    dca: State = State.OPEN
    carriers: Mapping[str, State] = field(default_factory=dict)

    def at(self, level: Level, carrier: str = "") -> State:
        if level is Level.CARRIER:
            return self.carriers.get(carrier, FIRST[level])
        state: State = getattr(self, level.value)
        return state

    def moved(self, level: Level, carrier: str, state: State) -> "Levels":
        if level is Level.CARRIER:
            return replace(self, carriers={**self.carriers, carrier: state})
        fields: dict[str, Any] = {level.value: state}
        return replace(self, **fields)


def states_of(level: Level) -> list[State]:
    """In the order in which the table names them."""
    named = [state for move in MOVES if move.level is level for state in (move.before, move.after)]
    return list(dict.fromkeys(named))


def moves_by_hand(level: Level, before: State) -> list[Move]:
    return [move for move in MOVES if move.level is level and move.before is before]


def move_by_hand(level: Level, before: State, after: State) -> Move | None:
    return next((move for move in moves_by_hand(level, before) if move.after is after), None)
