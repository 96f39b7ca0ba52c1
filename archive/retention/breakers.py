"""What stops a purge batch until a person allows it. Each breaker is pure and says why in a sentence.

They look for what a mistake looks like from outside: a clock that was put forward, a policy that was mistyped, texts
that came in while the clock was wrong. Of few texts neither size nor share says anything: in an archive of a thousand a
busy day is soon a fiftieth of what is left, and nobody is helped by being asked about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final

FEW: Final = 100
"""Up to so many texts a batch is too small for its size to mean anything."""

TIMES_USUAL: Final = 2
LEAST_TO_COMPARE: Final = 5
SHARE: Final = 50
"""A batch is stopped that takes more than one in so many of what is live: more than 2 %."""


class Breaker(StrEnum):
    CLOCKS = "clocks"
    SIZE = "size"
    SHARE = "share"
    YOUNG = "young"
    POLICY = "policy"
    WEEK = "week"

    @property
    def is_momentary(self) -> bool:
        """About this moment, and so gone with it; the others are about the batch and stay."""
        return self in (Breaker.CLOCKS, Breaker.WEEK)


@dataclass(frozen=True, slots=True)
class Trip:
    """`because`: a sentence for whoever has to decide."""

    breaker: Breaker
    because: str


def clocks(problems: Sequence[str]) -> Trip | None:
    """`problems`: a sentence for each clock that is in doubt."""
    return Trip(Breaker.CLOCKS, " ".join(problems)) if problems else None


def size(texts: int, others: Sequence[int]) -> Trip | None:
    """`others`: how many texts the batches before this one had, and the days after it will have."""
    if texts <= FEW or len(others) < LEAST_TO_COMPARE:
        return None
    usual = median(others)
    if texts <= TIMES_USUAL * usual:
        return None
    return Trip(Breaker.SIZE, f"It takes {texts:,} texts; usual are {usual:,.0f}, and twice that is the limit.")


def share(texts: int, live: int) -> Trip | None:
    """`live`: all texts that are here, those of the batch among them."""
    if texts <= FEW or texts * SHARE <= live:
        return None
    of_live = f"{100 * texts / live:.1f} %" if live else "all"
    return Trip(Breaker.SHARE, f"It takes {of_live} of the {live:,} texts that are here; 2 % is the limit.")


def young(not_before: datetime | None, at: datetime) -> Trip | None:
    """`not_before`: by our own clock's record of when they came in, the first moment at which all of them may go."""
    if not_before is None or not_before <= at:
        return None
    return Trip(
        Breaker.YOUNG,
        "Our clock stood behind when some of it came in: by the entries before it in the ledger it may not all go"
        f" before {not_before:%Y-%m-%d %H:%M} UTC.",
    )


def policy(planned_with: int, newest: int) -> Trip | None:
    """The ledger entries of the newest policy, when the plan was made and now; 0 for none."""
    if planned_with == newest:
        return None
    return Trip(Breaker.POLICY, f"The retention policy was changed since the plan was made (entry #{newest}).")


def week(planned_at: datetime, at: datetime, whole: timedelta) -> Trip | None:
    """`at`: when the batch would begin. `whole`: for how long a plan is there to be seen."""
    if at - planned_at >= whole:
        return None
    days = max(0, (at - planned_at).days)
    return Trip(
        Breaker.WEEK,
        f"Its plan was made late and has been there for {days} days instead of {whole.days}. It goes by itself on"
        f" {planned_at + whole:%Y-%m-%d}; to go sooner it has to be allowed.",
    )


def tripped(*found: Trip | None) -> tuple[Trip, ...]:
    return tuple(trip for trip in found if trip)
