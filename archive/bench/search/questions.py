"""What every engine is asked: several questions of each class, the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from archive.bench.search.corpus import END, OWN_NUMBERS, Corpus, party_number
from archive.bench.search.vocabulary import FIVE_PERCENT, MISSPELLED, PHRASES, RARE, TWENTY_PERCENT
from archive.core.clock import to_micros

Kind = Literal[
    "rare term", "5 % term", "20 % term", "AND", "NOT", "phrase", "prefix", "fuzzy", "number + 90 days", "everything"
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
PAGE = 25

_PAIRS = (
    *(("appointment", "refund"), ("delivery", "shipment"), ("please", "appointment"), ("please", "reply")),
    *(("account", "overdue"), ("message", "invoice")),
)
_EXCLUDING = (("invoice", "please"), ("please", "reply"), ("refund", "message"), ("message", "appointment"))
_STEMS = ("appoint", "deliv", "techn", "insur", "mort")
_STEM_LETTERS, _COMMON_RANKS = 4, (300, 5_000)
_BUSY_PARTIES = (0, 40, 300, 1_500)


@dataclass(frozen=True, slots=True)
class Question:
    """`line`: as a person types it. `words`: all of them, next to each other in a phrase. `start`, `until`: µs."""

    kind: Kind
    line: str
    words: tuple[str, ...] = ()
    without: str = ""
    number: str = ""
    start: int = 0
    until: int = 0


def questions(corpus: Corpus) -> list[Question]:
    dice = random.Random(corpus.seed)  # noqa: S311 - nothing here is secret.
    return [
        *(_term("rare term", word) for word in dice.sample(RARE, 6)),
        *(_term("5 % term", word) for word in FIVE_PERCENT),
        *(_term("20 % term", word) for word in TWENTY_PERCENT),
        *(Question("AND", " ".join(pair), pair) for pair in _PAIRS),
        *(Question("NOT", f"{word} -{without}", (word,), without) for word, without in _EXCLUDING),
        *(Question("phrase", f'"{phrase}"', tuple(phrase.split())) for phrase in PHRASES),
        *(Question("prefix", f"{stem}*", (stem,)) for stem in (*_STEMS, *_made_up_stems(dice, corpus))),
        *(Question("fuzzy", f"{word}~", (word,)) for word in MISSPELLED),
        *_numbers(dice),
        Question("everything", ""),
    ]


def _term(kind: Kind, word: str) -> Question:
    return Question(kind, word, (word,))


def _made_up_stems(dice: random.Random, corpus: Corpus) -> list[str]:
    """Beginnings that some hundred words share."""
    long = [word[:_STEM_LETTERS] for word in corpus.words[slice(*_COMMON_RANKS)] if len(word) > _STEM_LETTERS]
    return dice.sample(sorted({stem for stem in long if stem.isascii() and stem.isalpha()}), 3)


def _numbers(dice: random.Random) -> Iterator[Question]:
    """90 days that end some weeks before the newest text: with own numbers, and with busy and quiet others."""
    parties = [party_number(other + dice.randrange(20)) for other in _BUSY_PARTIES]
    for number in (*dice.sample(OWN_NUMBERS, 2), *parties):
        until = datetime(END.year, END.month, 1, tzinfo=UTC) - timedelta(days=dice.randrange(30))
        start = until - timedelta(days=90)
        line = f"number:{number} after:{start:%Y-%m-%d} before:{until:%Y-%m-%d}"
        yield Question("number + 90 days", line, number=number, start=to_micros(start), until=to_micros(until))
