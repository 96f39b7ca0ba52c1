"""From texts to posting lists, in memory: no token objects, no sorting of single postings, no files in between."""

from array import array
from collections.abc import Iterator, Sequence

import numpy as np

from archive.search.analysis import analyse
from archive.search.index import IndexedText, exact_values
from archive.search.plan import exact_value
from archive.search.whoosh.blocks import Postings
from archive.search.whoosh.codec import TEXT, TermList

_Words = dict[str, tuple["array[int]", "array[int]", "array[int]"]]
_Values = dict[str, "array[int]"]


def invert(texts: Sequence[IndexedText]) -> Iterator[TermList]:
    """Every list of the texts, numbered as they stand, in the order in which the codec wants them."""
    words: _Words = {}
    fields: dict[str, _Values] = {}
    folded: dict[str, str] = {}
    for number, text in enumerate(texts):
        _add_words(words, number, text.text)
        for name, value in exact_values(text):
            known = folded.get(value)
            if known is None:
                known = folded[value] = exact_value(value)
            _add_value(fields.setdefault(name, {}), number, known)
    for field in sorted([*fields, TEXT] if words else fields):
        yield from _lists_of_words(words) if field == TEXT else _lists_of_values(field, fields[field])


def _add_words(words: _Words, number: int, text: str) -> None:
    known = words.get
    for term, position in analyse(text):
        entry = known(term)
        if entry is None:
            words[term] = array("I", (number,)), array("I", (1,)), array("I", (position,))
            continue
        numbers, counts, positions = entry
        if numbers[-1] == number:
            counts[-1] += 1
        else:
            numbers.append(number)
            counts.append(1)
        positions.append(position)


def _add_value(values: _Values, number: int, value: str) -> None:
    numbers = values.get(value)
    if numbers is None:
        values[value] = array("I", (number,))
    elif numbers[-1] != number:
        numbers.append(number)


def _lists_of_words(words: _Words) -> Iterator[TermList]:
    for term, (numbers, counts, positions) in sorted((term.encode(), entry) for term, entry in words.items()):
        lists = np.frombuffer(numbers, np.uint32), np.frombuffer(counts, np.uint32)
        yield TEXT, term, Postings(*lists, np.frombuffer(positions, np.uint32))


def _lists_of_values(field: str, values: _Values) -> Iterator[TermList]:
    for value, numbers in sorted((value.encode(), numbers) for value, numbers in values.items()):
        yield field, value, Postings(np.frombuffer(numbers, np.uint32))
