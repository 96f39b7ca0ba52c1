"""Which numbers can be authorised, and what an order is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from archive.eligibility.model import Finding, Standing
from archive.numbers.model import NumberState

MOST_NUMBERS = 200
"""In one order, as in one letter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a number can be authorised now; if not, why and what to do about it."""

    offered: bool
    needs_letter: bool = False
    because: str = ""
    next_step: str = ""


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far somebody has come. `letter`: its fields as they were typed. `location` is None at the start."""

    id: str
    location: str | None = None
    numbers: tuple[str, ...] = ()
    letter: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """`number` counts the orders of the organisation. `by_letter`: those of its numbers that its letter authorised."""

    number: int
    entry: int
    placed_at: datetime
    placed_by: str
    location: str
    letter: str | None
    numbers: tuple[str, ...]
    by_letter: frozenset[str]

    @property
    def name(self) -> str:
        return order_name(self.number)


def order_name(number: int) -> str:
    """What people call it: A-00012."""
    return f"A-{number:05}"


def judge(state: NumberState, findings: Sequence[Finding]) -> Verdict:
    """`findings`: every condition of eligibility, as it stands for the number."""
    if state in _NOT_NOW:
        return Verdict(False, because=_NOT_NOW[state][0], next_step=_NOT_NOW[state][1])
    broken = next((finding for finding in findings if finding.standing is Standing.BROKEN), None)
    if broken:
        return Verdict(False, because=broken.because, next_step=broken.next_step)
    return Verdict(True, needs_letter=state is NumberState.LOA_REQUIRED)


_NOT_NOW = {
    NumberState.AUTHORISED: ("It is authorised already.", "There is nothing to do."),
    NumberState.REGISTERED: ("It is on an active campaign already.", "There is nothing to do."),
    NumberState.SUSPENDED: ("It is suspended.", "Resume it on its own page once that is settled."),
    NumberState.RELEASED: ("It is released.", "Add it again first."),
}
