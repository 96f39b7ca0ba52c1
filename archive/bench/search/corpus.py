"""Made-up texts, the same for the same seed: any stretch of them can be made again, so that none have to be kept."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from archive.bench.search.vocabulary import PLANTED, made_up_words
from archive.core.clock import from_micros, to_micros
from archive.search.follower import BATCH
from archive.search.index import IndexedText

DAYS = 400
START = datetime(2025, 10, 1, tzinfo=UTC)
END = START + timedelta(days=DAYS)
OWN_NUMBERS = tuple(f"+1212555{number:04}" for number in range(100, 124))
PARTIES = 5_000

_WORDS = 60_000
_ZIPF, _ZIPF_SHIFT = 1.05, 2.7
_FEWEST_WORDS, _MOST_WORDS = 4, 30
_SHARE_OF_CODES, _SHARE_OF_AMOUNTS, _SHARE_OF_LINKS, _SHARE_OF_PICTURES = 0.12, 0.06, 0.03, 0.06
_SHARE_OUTBOUND = 0.6
_PICTURES = ("😀", "👍", "🎉", "❤️", "🙏", "😂", "🚗", "📦", "✅", "⏰")

Dice = np.random.Generator
Floats = npt.NDArray[np.float64]


class Corpus:
    """`messages` texts in the order of time, evenly over 400 days; more follow if more are asked for."""

    def __init__(self, messages: int, seed: int) -> None:
        self.messages = messages
        self.seed = seed
        self.words = made_up_words(random.Random(seed), _WORDS)  # noqa: S311 - nothing here is secret.
        self._step = timedelta(days=DAYS) / messages
        weights = 1 / (np.arange(_WORDS) + _ZIPF_SHIFT) ** _ZIPF
        self._cumulative: Floats = np.cumsum(weights / weights.sum())

    def batches(self, first: int = 1, through: int | None = None) -> Iterator[list[IndexedText]]:
        """All of them, as many at a time as the follower of the ledger takes."""
        through = through or self.messages
        for start in range(first, through + 1, BATCH):
            yield self.make(start, min(BATCH, through + 1 - start))

    def make(self, first: int, count: int) -> list[IndexedText]:
        """`count` texts, of which the first has this serial number."""
        dice = np.random.default_rng([self.seed, first])
        extras = _extras(dice, count)
        words = self._draw(dice, dice.integers(_FEWEST_WORDS, _MOST_WORDS, count, endpoint=True))
        others = (dice.random(count) ** 2 * PARTIES).astype(int).tolist()
        outbound = (dice.random(count) < _SHARE_OUTBOUND).tolist()
        moments = np.floor((np.arange(first - 1, first - 1 + count) + dice.random(count)) * self._step.total_seconds())
        return [
            _text(first + at, int(moments[at]), _written(dice, words[at], extras[at]), others[at], outbound[at])
            for at in range(count)
        ]

    def _draw(self, dice: Dice, lengths: npt.NDArray[np.int64]) -> list[list[str]]:
        """So many words for each text, each word as often as its rank makes it."""
        ranks = np.searchsorted(self._cumulative, dice.random(int(lengths.sum()))).clip(0, _WORDS - 1).tolist()
        ends = np.cumsum(lengths).tolist()
        starts = [0, *ends[:-1]]
        return [[self.words[rank] for rank in ranks[start:end]] for start, end in zip(starts, ends, strict=True)]


def _extras(dice: Dice, count: int) -> list[list[str]]:
    """What each text has beside its ordinary words: planted words, codes, amounts, links."""
    extras: list[list[str]] = [[] for _ in range(count)]
    for words, share in PLANTED:
        for at in np.flatnonzero(dice.random(count) < share).tolist():
            extras[at].append(words)
    for at in np.flatnonzero(dice.random(count) < _SHARE_OF_CODES).tolist():
        extras[at].append(str(dice.integers(100_000, 1_000_000)))
    for at in np.flatnonzero(dice.random(count) < _SHARE_OF_AMOUNTS).tolist():
        extras[at].append(f"${dice.integers(5, 900)}.{dice.integers(100):02}")
    for at in np.flatnonzero(dice.random(count) < _SHARE_OF_LINKS).tolist():
        extras[at].append(f"https://s.example/{dice.integers(1 << 28):x}")
    return extras


def _written(dice: Dice, words: list[str], extras: Sequence[str]) -> str:
    if extras:
        for extra, place in zip(extras, dice.random(len(extras)).tolist(), strict=True):
            words.insert(int(place * (len(words) + 1)), extra)
    line = " ".join(words)
    luck = dice.random()
    picture = f" {_PICTURES[int(luck / _SHARE_OF_PICTURES * len(_PICTURES))]}" if luck < _SHARE_OF_PICTURES else ""
    return line[0].upper() + line[1:] + picture


def _text(serial: int, seconds: int, text: str, other: int, outbound: bool) -> IndexedText:
    """Everybody texts with one number of the organisation's, as people do."""
    own, party = OWN_NUMBERS[other % len(OWN_NUMBERS)], party_number(other)
    at = to_micros(START) + seconds * 1_000_000
    has = (*(("link",) if "://" in text else ()), *(("emoji",) if text[-1] in _LAST_OF_PICTURES else ()))
    return IndexedText(
        serial=serial,
        at=at,
        period=_period(at),
        text=text,
        sender=own if outbound else party,
        recipients=(party if outbound else own,),
        own_number=own,
        others=(party,),
        direction="out" if outbound else "in",
        provider="twilio",
        account="AC0123456789",
        campaign=f"C{1 + other % 6}ABC" if outbound else None,
        has=has,
    )


_LAST_OF_PICTURES = frozenset(picture[-1] for picture in _PICTURES)


def party_number(other: int) -> str:
    """Small numbers text most."""
    return f"+1415{2_000_000 + other * 37:07}"


def _period(at: int) -> str:
    day = at - at % 86_400_000_000
    return (from_micros(day) + timedelta(days=DAYS)).strftime("%Y-%m")
