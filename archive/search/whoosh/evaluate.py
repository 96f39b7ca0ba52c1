"""A plan and one segment: the numbers of the texts that it finds, ascending, as an array."""

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from archive.search import plan
from archive.search.index import NotSearchable
from archive.search.plan import Plan
from archive.search.query.distance import is_close
from archive.search.query.terms import Sought
from archive.search.whoosh.blocks import Numbers, Postings, occurrences, only
from archive.search.whoosh.codec import TEXT
from archive.search.whoosh.segments import Segment

TERMS_AT_MOST = 100_000
"""Of one query. So many lists take a third of a second."""

_NONE = np.zeros(0, np.uint32)
_TEXT_SHIFT = 32
_BIAS = 1 << 20
"""Keeps a position minus its offset above zero; no query is longer than that."""


class Budget:
    """How many terms one query may look at: a prefix of one letter must not keep everybody waiting.

    Also remembers from segment to segment which terms are close to a fuzzy word, since most words are in all of them.
    """

    def __init__(self, terms: int) -> None:
        self._left = terms
        self._close: dict[tuple[bytes, str], bool] = {}

    def spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise NotSearchable(
                "Too many different words begin like that.", "Write more letters before the star or the tilde."
            )

    def is_close(self, term: bytes, word: str, distance: int) -> bool:
        known = self._close.get((term, word))
        if known is None:
            known = self._close[term, word] = is_close(term.decode(), word, distance)
        return known


class Evaluator:
    """Answers plans on one segment."""

    def __init__(self, segment: Segment, budget: Budget) -> None:
        self._segment = segment
        self._budget = budget

    def find(self, wanted: Plan) -> Numbers:  # noqa: PLR0911 - one for each kind.
        match wanted:
            case plan.Everything():
                return self._range(0, self._segment.size)
            case plan.Nothing():
                return _NONE
            case plan.Words(sought):
                return self._words(sought)
            case plan.Near(left, right, distance):
                return self._near(left, right, distance)
            case plan.Exact(field, values):
                return self._union([self._exact(field, value) for value in values])
            case plan.Moments(start, until):
                first = 0 if start is None else self._segment.number_from(start)
                return self._range(first, self._segment.size if until is None else self._segment.number_from(until))
            case plan.Serials(first, last):
                serials = self._segment.serials
                return np.flatnonzero((serials >= first) & (serials <= last))
            case plan.Among(serials):
                return np.flatnonzero(np.isin(self._segment.serials, serials, assume_unique=True))
            case plan.Not(part):
                return _without(self._range(0, self._segment.size), self.find(part))
            case plan.Or(parts):
                return self._union([self.find(part) for part in parts])
            case plan.And(parts):
                return self._all(parts)

    def _all(self, parts: Sequence[Plan]) -> Numbers:
        """Dates first, since they rule out most segments; what is excluded is taken off what is left of the others."""
        found: Numbers | None = None
        for part in sorted(parts, key=_turn):
            if found is not None and not len(found):
                return found
            if isinstance(part, plan.Not) and found is not None:
                found = _without(found, self.find(part.part))
            else:
                here = self.find(part)
                found = here if found is None else _common(found, here)
        return _NONE if found is None else found

    def _exact(self, field: str, value: str) -> Numbers:
        postings = self._segment.terms.postings(field, value.encode())
        return _NONE if postings is None else postings.texts

    def _union(self, several: Sequence[Numbers]) -> Numbers:
        if len(several) == 1:
            return several[0]
        marked = np.zeros(self._segment.size, np.bool_)
        for numbers in several:
            marked[numbers] = True
        return np.flatnonzero(marked)

    def _range(self, first: int, end: int) -> Numbers:
        return np.arange(first, max(first, end))

    def _words(self, sought: Sought) -> Numbers:
        if sought.is_single:
            return self._union([postings.texts for postings in self._lists(sought, 0)] or [_NONE])
        return np.unique(self._places(sought) >> _TEXT_SHIFT)

    def _near(self, left: Sought, right: Sought, distance: int) -> Numbers:
        """A place is one number, text and position, so that "near" is a range around it."""
        here, there = self._places(left), self._places(right)
        first = np.searchsorted(there, here - (_length(right) + distance))
        end = np.searchsorted(there, here + (_length(left) + distance), "right")
        return np.unique(here[end > first] >> _TEXT_SHIFT)

    def _places(self, sought: Sought) -> Numbers:
        """Where the sought words begin: text number << 32 | position, ascending."""
        lists = [self._lists(sought, step) for step in range(len(sought.terms))]
        if not all(lists):
            return np.zeros(0, np.int64)
        shared = reduce(_common, sorted((self._union([one.texts for one in step]) for step in lists), key=len))
        places = [
            np.unique(np.concatenate([_starts(one, shared, token.position) for one in step]))
            for step, token in zip(lists, sought.terms, strict=True)
        ]
        return reduce(_common, sorted(places, key=len))

    def _lists(self, sought: Sought, step: int) -> list[Postings]:
        """The lists of one step of a phrase: several where its last term is a prefix or fuzzy."""
        term = sought.terms[step].term
        if sought.last == "exact" or step + 1 < len(sought.terms):
            found = self._segment.terms.postings(TEXT, term.encode())
            return [] if found is None else [found]
        return [self._segment.terms.block_at(where) for where in self._expanded(term, sought)]

    def _expanded(self, term: str, sought: Sought) -> Iterator[bytes]:
        fuzzy = sought.last == "fuzzy"
        beginning = term[:1] if fuzzy else term
        for candidate, where in self._segment.terms.beginning_with(TEXT, beginning.encode()):
            self._budget.spend()
            if not fuzzy or self._budget.is_close(candidate, term, sought.distance):
                yield where


def _turn(part: Plan) -> int:
    return 0 if isinstance(part, plan.Moments) else 2 if isinstance(part, plan.Not) else 1


def _starts(postings: Postings, shared: Numbers, offset: int) -> Numbers:
    postings = only(postings, _contained(postings.texts, shared))
    assert postings.positions is not None
    positions = postings.positions.astype(np.int64) + (_BIAS - offset)
    return (occurrences(postings).astype(np.int64) << _TEXT_SHIFT) + positions


def _length(sought: Sought) -> int:
    return max(token.position for token in sought.terms)


def _contained(numbers: Numbers, among: Numbers) -> Numbers:
    """For each of `numbers` whether it is in `among`; both ascend."""
    if not len(among):
        return np.zeros(len(numbers), np.bool_)
    places = np.searchsorted(among, numbers)
    places[places == len(among)] = 0
    return np.asarray(among[places] == numbers)


def _common(one: Numbers, other: Numbers) -> Numbers:
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    return few[_contained(few, many)]


def _without(numbers: Numbers, unwanted: Numbers) -> Numbers:
    return numbers[~_contained(numbers, unwanted)]
