"""How like a text is to what somebody reports: by who took part, by when, and by wording. Pure; no text is kept.

Of a hundred points parties make 40, time 25 and words 35. What nobody said counts for nothing, and against nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from unicodedata import combining, normalize

from archive.spam.model import Claim

LIKELY: Final = 55
"""From here on a text is taken for the one that is meant, until a person says otherwise."""
WORTH_SHOWING: Final = 30
MOST_SHOWN: Final = 5

_PARTIES, _TIME, _WORDS = 40, 25, 35
_SOMEBODY_ELSE: Final = LIKELY - 5
"""The most for a text to another number than the reporter's: the same words went to many."""

_AT_ONCE: Final = timedelta(minutes=10)
_LONG: Final = timedelta(hours=48)
_ENOUGH_WORDS: Final = 4
_QUOTED: Final = 0.75
"""How much of the wording is whether the report's words are in the text; the rest, whether the text's are quoted."""

_word: Final = re.compile(r"\w+").findall


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says that can be compared. `reporter`: whether their number is known."""

    reporter: bool
    claim: Claim | None
    words: Counter[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """`same_party`: whether it went to the reporter, None where nobody said who that is. `words`: folded."""

    serial: int
    at: datetime
    same_party: bool | None
    words: Counter[str]


@dataclass(frozen=True, slots=True)
class Likeness:
    """`apart` is None where no time was named, `share` (per cent of the report's words) where no words were given."""

    serial: int
    score: int
    same_party: bool | None
    apart: timedelta | None
    share: int | None


def fold(text: str) -> Counter[str]:
    """Words as people take them for the same: whatever the case, the accents and the punctuation."""
    plain = "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))
    return Counter(_word(plain))


def likeliest(told: Told, candidates: Iterable[Candidate]) -> list[Likeness]:
    """Those worth showing, likeliest first; of equals those with more of the words, nearer in time, later."""
    found = [compare(told, candidate) for candidate in candidates]
    worth = [one for one in found if one.score >= WORTH_SHOWING]
    return sorted(worth, key=_order)[:MOST_SHOWN]


def _order(one: Likeness) -> tuple[int, int, timedelta, int]:
    return -one.score, -(one.share or 0), one.apart or timedelta(), -one.serial


def compare(told: Told, candidate: Candidate) -> Likeness:
    apart = distance(told.claim, candidate.at) if told.claim else None
    share, wording = _likeness(told.words, candidate.words) if told.words else (None, 0.0)
    points = _PARTIES * (candidate.same_party is True) + _TIME * _closeness(apart) + _WORDS * wording
    score = round(min(points, _SOMEBODY_ELSE) if candidate.same_party is False else points)
    return Likeness(candidate.serial, score, candidate.same_party, apart, share)


def distance(claim: Claim, at: datetime) -> timedelta:
    """Nothing within the time that was named."""
    if at < claim.since:
        return claim.since - at
    return max(timedelta(), at - claim.until)


def _closeness(apart: timedelta | None) -> float:
    """1 within ten minutes, 0 from two days on."""
    if apart is None:
        return 0.0
    return min(1.0, max(0.0, (_LONG - apart) / (_LONG - _AT_ONCE)))


def _likeness(told: Counter[str], text: Counter[str]) -> tuple[int, float]:
    """(per cent of the report's words that are in the text, how much that says, from 0 to 1)."""
    common, said, sent = (told & text).total(), told.total(), text.total()
    share = common / said
    quoted = common / sent if sent else 0.0
    weight = min(1.0, said / _ENOUGH_WORDS)  # That a text has "your" in it says little.
    return int(100 * share), weight * (_QUOTED * share + (1 - _QUOTED) * quoted)
