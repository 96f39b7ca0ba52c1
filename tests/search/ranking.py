"""Best matches by counting in every text, for comparing an index with. The words are those of `oracle`.

It ranks what people type in letters: words, phrases, beginnings, near spellings. Scripts without spaces and telephone
numbers have more names than an index has terms, so nothing is said about those.
"""

from collections.abc import Callable, Iterator
from math import log

from archive.search.query import model
from archive.search.query.model import Query
from tests.search.oracle import Known, Oracle, asked_by, bare, changes

SATURATION = 1.2

Fits = Callable[[str], bool]


def ranked(oracle: Oracle, query: Query, most: int) -> list[tuple[int, int]]:
    """(serial, at): the newest `most` hits, best first, of equally good ones the newer first."""
    newest = oracle.hits(query)[:most]
    scores = dict.fromkeys((serial for serial, _ in newest), 0.0)
    for fits in dict(_words(query)).values():
        times = {serial: _times(known, fits) for serial, known in oracle.known.items()}
        holding = sum(1 for count in times.values() if count)
        rarity = log(1 + (len(times) - holding + 0.5) / (holding + 0.5))
        for serial in scores:
            scores[serial] += rarity * times[serial] * (SATURATION + 1) / (times[serial] + SATURATION)
    return sorted(newest, key=lambda hit: (round(scores[hit[0]], 9), hit[1], hit[0]), reverse=True)


def _times(text: Known, fits: Fits) -> int:
    return sum(1 for name, _ in text.names if fits(name))


def _words(query: Query) -> Iterator[tuple[tuple[str, str], Fits]]:
    """What a hit is better for, each under a name so that none counts twice."""
    match query:
        case model.And(parts) | model.Or(parts):
            for part in parts:
                yield from _words(part)
        case model.Near(left, right):
            yield from (*_words(left), *_words(right))
        case model.Prefix(stem):
            beginning = bare(stem)
            yield ("begins", beginning), lambda name: name.startswith(beginning)
        case model.Fuzzy(word, distance):
            meant = bare(word)
            yield (
                (f"close {distance}", meant),
                lambda name: name[0] == meant[0] and changes(name, meant) <= distance,
            )
        case model.Word(text) | model.Phrase(text):
            for word, _ in asked_by(text):
                yield ("is", word), lambda name, word=word: name == word  # type: ignore[misc]
