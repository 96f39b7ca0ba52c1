"""How a number comes from one state into the next: all there is to it is the one table below.

A number may text by right in `authorised` and `registered`, and into those leads no way but through authorising it. The
picture in docs/numbers.md is drawn from this table, and a test compares the two.
"""

from dataclasses import dataclass

from archive.numbers.model import NumberState as State


@dataclass(frozen=True, slots=True)
class Move:
    """`by_person`: offered on the page. The others are made by a letter, or through the API. `by_campaign`: made when a
    campaign becomes active or stops being so, and in no other way."""

    verb: str
    before: State
    after: State
    by_person: bool = True
    by_campaign: bool = False


MOVES = (
    Move("authorise", State.UNAUTHORISED, State.AUTHORISED),
    Move("require a letter", State.UNAUTHORISED, State.LOA_REQUIRED, by_person=False),
    Move("release or port out", State.UNAUTHORISED, State.RELEASED),
    Move("authorise", State.LOA_REQUIRED, State.AUTHORISED, by_person=False),
    Move("withdraw", State.LOA_REQUIRED, State.UNAUTHORISED, by_person=False),
    Move("release or port out", State.LOA_REQUIRED, State.RELEASED),
    Move("register", State.AUTHORISED, State.REGISTERED, by_person=False, by_campaign=True),
    Move("suspend", State.AUTHORISED, State.SUSPENDED),
    Move("withdraw", State.AUTHORISED, State.UNAUTHORISED),
    Move("release or port out", State.AUTHORISED, State.RELEASED),
    Move("take off the campaign", State.REGISTERED, State.AUTHORISED, by_person=False, by_campaign=True),
    Move("suspend", State.REGISTERED, State.SUSPENDED),
    Move("withdraw", State.REGISTERED, State.UNAUTHORISED, by_person=False),
    Move("release or port out", State.REGISTERED, State.RELEASED),
    Move("resume", State.SUSPENDED, State.AUTHORISED),
    Move("withdraw", State.SUSPENDED, State.UNAUTHORISED, by_person=False),
    Move("release or port out", State.SUSPENDED, State.RELEASED),
    Move("add again", State.RELEASED, State.UNAUTHORISED),
)

ADDED_AS = (State.UNAUTHORISED, State.LOA_REQUIRED, State.AUTHORISED)
"""Whoever adds a number as authorised authorises it with that."""

OFFERED = {state: tuple(move.after for move in MOVES if move.before is state and move.by_person) for state in State}
"""What a person is offered from each state."""


def move_between(before: State, after: State) -> Move | None:
    return next((move for move in MOVES if (move.before, move.after) == (before, after)), None)


def move_by_hand(before: State, after: State) -> Move | None:
    """The same without what only a campaign does."""
    move = move_between(before, after)
    return None if move is None or move.by_campaign else move


def states_after(before: State) -> list[State]:
    """What somebody can make of a number, a person or a program."""
    return [move.after for move in MOVES if move.before is before and not move.by_campaign]
