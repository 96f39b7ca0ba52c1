"""From texts to posting lists, in memory: words become numbers once, and numpy does the rest for all texts together."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import numpy as np

from archive.search.analysis import analyse
from archive.search.index import ONE_VALUE, SEVERAL_VALUES, IndexedText
from archive.search.plan import exact_value
from archive.search.whoosh.codec import TEXT
from archive.search.whoosh.postings import Lists, grouped
from archive.search.whoosh.sections import Numbers


class _Numbered(dict[str, int]):
    """A number for each different word, in the order in which they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def invert(texts: Sequence[IndexedText]) -> dict[str, Lists]:
    """The lists of each field; texts are numbered as they stand."""
    every = np.arange(len(texts), dtype=np.uint32)
    fields: dict[str, Lists] = {}
    for name, value in ONE_VALUE.items():
        values = list(map(value, texts))
        there = [found for found in values if found is not None]
        having = every if len(there) == len(values) else every[[found is not None for found in values]]
        fields[name] = _lists(there, having, exact_value)
    for name, several in SEVERAL_VALUES.items():
        lists = list(map(several, texts))
        fields[name] = _lists(chain.from_iterable(lists), np.repeat(every, _lengths(lists)), exact_value)
    analysed = [analyse(text.text) for text in texts]
    terms = [terms for terms, _ in analysed]
    positions = _numbers(chain.from_iterable(positions for _, positions in analysed))
    fields[TEXT] = _lists(chain.from_iterable(terms), np.repeat(every, _lengths(terms)), str, positions)
    return {name: lists for name, lists in fields.items() if len(lists.keys)}


def _lists(
    words: Iterable[str], texts: Numbers, spelt: Callable[[str], str], positions: Numbers | None = None
) -> Lists:
    """`texts`: which text each word is of, ascending. `spelt`: what a word is looked up by, several alike perhaps."""
    numbered = _Numbered()
    found = _numbers(map(numbered.__getitem__, words))
    spellings = [spelt(word).encode() for word in numbered]
    keys = sorted(set(spellings))
    ranks = {key: rank for rank, key in enumerate(keys)}
    terms = _numbers(map(ranks.__getitem__, spellings))[found] if len(found) else found
    order = np.argsort(terms, kind="stable")
    return grouped(keys, terms[order], texts[order], None if positions is None else positions[order])


def _lengths(lists: Sequence[Sequence[str]]) -> Numbers:
    return _numbers(map(len, lists))


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, np.int64)
