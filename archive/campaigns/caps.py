"""How much a campaign may send: T-Mobile counts a brand's texts per day, AT&T a campaign's per minute. Pure.

The bounds are what providers publish (2026-11-22); carriers change them without notice, so they are in this one place.
"""

from dataclasses import dataclass
from typing import Final

from archive.campaigns.brand_fields import SOLE_PROPRIETOR

LOW_VOLUME: Final = frozenset({"LOW_VOLUME", "UCAAS_LOW"})
NUMBERS_WITHOUT_POOL: Final = 49
NUMBERS_OF_A_SOLE_PROPRIETOR: Final = 1


@dataclass(frozen=True, slots=True)
class Tier:
    """T-Mobile's, of a brand: texts a day, all of its campaigns together; from midnight US Pacific."""

    name: str
    a_day: int
    from_score: int = 0


TOP, HIGH, MIDDLE, LOW = (
    Tier("TOP", 200_000, 76),
    Tier("HIGH_MID", 40_000, 51),
    Tier("LOW_MID", 10_000, 26),
    Tier("LOW", 2_000),
)
SOLE: Final = Tier("SOLE", 1_000)

A_MINUTE: Final = {
    **dict.fromkeys("AB", 4_500),
    **dict.fromkeys("CD", 2_400),
    **dict.fromkeys("EF", 240),
    "T": 75,
    "N": 60,
}
"""AT&T's, by message class. N is per number. Of the others (G, P, S, K, X, Z, Y) nothing is published."""


@dataclass(frozen=True, slots=True)
class Caps:
    """None: not known. `message_class` is AT&T's; `a_minute` is of the campaign, for class N of each number.

    `numbers`: how many it may have; None with a pool, whose size is by arrangement.
    """

    tier: str
    a_day: int
    message_class: str | None
    a_minute: int | None
    numbers: int | None


def caps_of(*, entity: str, score: int | None, usecase: str, message_class: str | None, pool: bool) -> Caps:
    """`score`: the brand's vetting, 0 to 100, None before it has one; carriers then count it as low."""
    tier = _tier(entity, score, usecase)
    given = message_class or ("T" if usecase == "LOW_VOLUME" else None)
    return Caps(tier.name, tier.a_day, given, A_MINUTE.get(given or ""), _numbers(usecase, pool=pool))


def _tier(entity: str, score: int | None, usecase: str) -> Tier:
    if SOLE_PROPRIETOR in (entity, usecase):
        return SOLE
    if usecase in LOW_VOLUME:
        return LOW
    return next(tier for tier in (TOP, HIGH, MIDDLE, LOW) if (score or 0) >= tier.from_score)


def _numbers(usecase: str, *, pool: bool) -> int | None:
    if usecase == SOLE_PROPRIETOR:
        return NUMBERS_OF_A_SOLE_PROPRIETOR
    return None if pool else NUMBERS_WITHOUT_POOL
