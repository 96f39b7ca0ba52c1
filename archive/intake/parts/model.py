"""Which pieces belong to one text, and what that text is. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

WAITS: Final = timedelta(hours=24)
"""A text waits for its pieces for so long after the first: providers try each again for a day."""

REMEMBERED: Final = timedelta(hours=72)
"""A piece is known again for so long. Signatures are refused long before that, so none comes later."""

SPREAD: Final = timedelta(hours=1)
"""Between the pieces of one text. References are used again: what lies further apart is another text."""

MISSING: Final = "[…]"
"""Stands in an incomplete text where pieces are missing, so that what is left does not read as one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Number `number` of `total`. `whole` is the same for all pieces with one reference between the same two ends.

    `at`: when the provider says it was sent, else when it came. `settled`: it is part of a text that is archived;
    `alone`: of one in which pieces were missing.
    """

    digest: int
    whole: int
    number: int
    total: int
    at: datetime
    received_at: datetime
    entry: int
    settled: bool = False
    alone: bool = False


def gather(around: Piece, pieces: Iterable[Piece]) -> list[Piece]:
    """Of the pieces that wait, those of the same text, in order: of several with one number the nearest in time."""
    near: dict[int, Piece] = {around.number: around}
    for piece in sorted(pieces, key=lambda piece: (abs(piece.at - around.at), piece.entry)):
        if not piece.settled and _is_near(piece, around):
            near.setdefault(piece.number, piece)
    return [near[number] for number in sorted(near)]


def is_late(piece: Piece, others: Sequence[Piece]) -> bool:
    """Whether it is lacking in a text that is archived without it."""
    same = [one for one in others if one.settled and one.alone and _is_near(one, piece)]
    return bool(same) and all(one.number != piece.number for one in same)


def put_together(items: Sequence[tuple[int, dict[str, Any]]], total: int) -> dict[str, Any]:
    """One item of the API from those of its pieces, (number, item) in order; named as the first of them."""
    by_number = dict(items)
    words: list[str] = []
    for number in range(1, total + 1):
        if number in by_number:
            words.append(str(by_number[number]["text"]))
        elif not words or words[-1] != MISSING:
            words.append(MISSING)
    _, first = items[0]
    times = [item["sent_at"] for _, item in items if isinstance(item.get("sent_at"), str)]
    sent_at = {"sent_at": min(times)} if times else {}
    return {**first, **sent_at, "text": "".join(words), "payload": [item["payload"] for _, item in items]}


def _is_near(one: Piece, other: Piece) -> bool:
    return abs(one.at - other.at) <= SPREAD
