"""From texts to posting lists, in memory: words become numbers once, and numpy does the rest for all texts together."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import numpy as np

from archive.search.analysis import analyse
from archive.search.index import IndexedText
from archive.search.plan import exact_value
from archive.search.whoosh.codec import TEXT
from archive.search.whoosh.postings import Lists, grouped
from archive.search.whoosh.sections import Numbers

_EXACT: dict[str, Callable[[IndexedText], tuple[str | None, ...]]] = {
    "account": lambda text: (text.account,),
    "campaign": lambda text: (text.campaign,),
    "direction": lambda text: (text.direction,),
    "flag": lambda text: text.flags,
    "from": lambda text: (text.sender,),
    "has": lambda text: text.has,
    "own": lambda text: (text.own_number,),
    "provider": lambda text: (text.provider,),
    "to": lambda text: text.recipients,
    "with": lambda text: text.others,
}


class _Numbered(dict[str, int]):
    """A number for each different word, in the order in which they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def invert(texts: Sequence[IndexedText]) -> dict[str, Lists]:
    """The lists of each field; texts are numbered as they stand."""
    fields = {name: _exact([values(text) for text in texts]) for name, values in _EXACT.items()}
    analysed = [analyse(text.text) for text in texts]
    positions = _numbers(chain.from_iterable(positions for _, positions in analysed))
    fields[TEXT] = _lists([terms for terms, _ in analysed], str, positions)
    return {name: lists for name, lists in fields.items() if len(lists.keys)}


def _exact(values: Sequence[tuple[str | None, ...]]) -> Lists:
    return _lists([[value for value in several if value is not None] for several in values], exact_value, None)


def _lists(words: Sequence[Sequence[str]], spelt: Callable[[str], str], positions: Numbers | None) -> Lists:
    """`words`: those of each text. `spelt`: what a word is looked up by, the same for several perhaps."""
    numbered = _Numbered()
    found = _numbers(map(numbered.__getitem__, chain.from_iterable(words)))
    texts = np.repeat(np.arange(len(words), dtype=np.uint32), _numbers(map(len, words)))
    spellings = [spelt(word).encode() for word in numbered]
    keys = sorted(set(spellings))
    ranks = {key: rank for rank, key in enumerate(keys)}
    terms = _numbers(map(ranks.__getitem__, spellings))[found] if len(found) else found
    order = np.argsort(terms, kind="stable")
    return grouped(keys, terms[order], texts[order], None if positions is None else positions[order])


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, np.int64)
