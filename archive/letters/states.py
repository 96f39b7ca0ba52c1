"""How a letter comes from one state into the next. All there is to it is the one table below.

The picture in docs/letters.md is drawn from this table, and a test compares the two.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from archive.core.clock import day_of
from archive.letters.model import LetterState as State

FRESH_FOR = timedelta(days=30)
"""Providers take no letter that was signed longer ago."""


@dataclass(frozen=True, slots=True)
class Move:
    """`before` is None for a letter that is new."""

    verb: str
    before: State | None
    after: State


MOVES = (
    Move("sign, or upload", None, State.FRESH),
    Move("upload one signed before that", None, State.IN_FORCE),
    Move("30 days pass", State.FRESH, State.IN_FORCE),
    Move("its last day is over", State.FRESH, State.EXPIRED),
    Move("its last day is over", State.IN_FORCE, State.EXPIRED),
    Move("another takes its place", State.FRESH, State.SUPERSEDED),
    Move("another takes its place", State.IN_FORCE, State.SUPERSEDED),
    Move("another takes its place", State.EXPIRED, State.SUPERSEDED),
    Move("revoke", State.FRESH, State.REVOKED),
    Move("revoke", State.IN_FORCE, State.REVOKED),
    Move("revoke", State.EXPIRED, State.REVOKED),
    Move("kept long enough", State.IN_FORCE, State.DESTROYED),
    Move("kept long enough", State.EXPIRED, State.DESTROYED),
    Move("kept long enough", State.SUPERSEDED, State.DESTROYED),
    Move("kept long enough", State.REVOKED, State.DESTROYED),
)


def state_at(
    now: datetime, *, signed_at: datetime, last_day: date | None, endings: frozenset[State] = frozenset()
) -> State:
    """`endings`: what was done to it, which counts before what time does; that it is destroyed counts first."""
    for ended in (State.DESTROYED, State.REVOKED, State.SUPERSEDED):
        if ended in endings:
            return ended
    if last_day is not None and day_of(now) > last_day:
        return State.EXPIRED
    return State.FRESH if now - signed_at <= FRESH_FOR else State.IN_FORCE


def may_become(before: State, after: State) -> bool:
    return any(move.before is before and move.after is after for move in MOVES)


def fresh_until(signed_at: datetime) -> datetime:
    return signed_at + FRESH_FOR
