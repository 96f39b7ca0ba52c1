"""How a spam report comes from one state into the next: all there is to it is the one table below.

Nothing is confirmed or dismissed that nobody has looked into, and what was decided can be opened again. The picture in
docs/spam.md is drawn from this table, and a test compares the two.
"""

from dataclasses import dataclass

from archive.spam.model import State


@dataclass(frozen=True, slots=True)
class Move:
    """`needs_note`: whoever makes it says why."""

    verb: str
    before: State
    after: State
    needs_note: bool = False


MOVES = (
    Move("take up", State.NEW, State.INVESTIGATING),
    Move("confirm", State.INVESTIGATING, State.CONFIRMED),
    Move("dismiss", State.INVESTIGATING, State.DISMISSED, needs_note=True),
    Move("open again", State.CONFIRMED, State.INVESTIGATING, needs_note=True),
    Move("open again", State.DISMISSED, State.INVESTIGATING, needs_note=True),
)

ENTERED_AS = State.NEW


def move_between(before: State, after: State) -> Move | None:
    return next((move for move in MOVES if (move.before, move.after) == (before, after)), None)


def moves_from(state: State) -> list[Move]:
    return [move for move in MOVES if move.before is state]
