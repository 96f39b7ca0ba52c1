"""Words next to each other, or near each other: positions are looked at only of texts that have all the words."""

from collections.abc import Sequence
from functools import cached_property, reduce

import numpy as np

from archive.search.whoosh.nodes import Ascending, Node, Scattered, Truths, common, contained
from archive.search.whoosh.postings import Postings, counts_of
from archive.search.whoosh.sections import Numbers

_TEXT_SHIFT = 32
_BIAS = 1 << 20
"""Keeps a position minus its offset above zero; no query is longer than that."""


class Step:
    """One word of a phrase: a list, or the lists of several terms one behind the other.

    `offset`: how many positions after the first word.
    """

    def __init__(self, postings: Postings, offset: int, size: int, *, ascending: bool) -> None:
        self._postings = postings
        self._offset = offset
        self._ascending = ascending
        self.texts: Node = Ascending(postings.texts) if ascending else Scattered(postings.texts, size)

    def places(self, numbers: Numbers) -> Numbers:
        """Where a phrase would begin for this word to be in it, in those texts; all of them have the word.

        A place is one number, text << 32 | position, so that "next to" is a sum and "near" a range.
        """
        counts = counts_of(self._postings)
        if self._ascending:
            chosen = self._postings.texts.searchsorted(numbers)
        else:
            chosen = np.flatnonzero(contained(self._postings.texts, numbers))
        each = counts[chosen].astype(np.int64)
        behind = np.cumsum(each)
        total = int(behind[-1]) if len(behind) else 0
        where = np.repeat(self._ends[chosen] - behind, each) + np.arange(total)
        assert self._postings.positions is not None
        positions = self._postings.positions[where].astype(np.int64) + (_BIAS - self._offset)
        places = (np.repeat(self._postings.texts[chosen], each).astype(np.int64) << _TEXT_SHIFT) + positions
        return places if self._ascending else np.unique(places)

    @cached_property
    def _ends(self) -> Numbers:
        """Where the positions of each text end."""
        return np.cumsum(counts_of(self._postings), dtype=np.int64)


class Phrase:
    """All words at their places. Several steps may have the same offset."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = sorted(steps, key=lambda step: step.texts.most)
        self.most = self._steps[0].texts.most

    def between(self, first: int, end: int) -> Numbers:
        return self._verified(self.candidates(self._steps[0].texts.between(first, end), self._steps[1:]))

    def among(self, numbers: Numbers) -> Truths:
        return contained(numbers, self._verified(self.candidates(numbers, self._steps)))

    def candidates(self, numbers: Numbers, steps: Sequence[Step] | None = None) -> Numbers:
        """Those of the texts that have every word."""
        for step in self._steps if steps is None else steps:
            if not len(numbers):
                break
            numbers = numbers[step.texts.among(numbers)]
        return numbers

    def places(self, numbers: Numbers) -> Numbers:
        """Where the phrase stands in those texts, ascending; all of them have every word."""
        return reduce(common, sorted((step.places(numbers) for step in self._steps), key=len))

    def _verified(self, numbers: Numbers) -> Numbers:
        if not len(numbers):
            return numbers
        return np.unique(self.places(numbers) >> _TEXT_SHIFT).astype(np.uint32)


class Near:
    """Two phrases, at most `distance` positions from the end of one to the start of the other.

    `spans`: from the first position of each to its last.
    """

    def __init__(self, left: Phrase, right: Phrase, spans: tuple[int, int], distance: int) -> None:
        self._phrases = left, right
        self._rare, self._other = sorted(self._phrases, key=lambda phrase: phrase.most)
        self._before, self._after = spans[1] + distance, spans[0] + distance
        self.most = self._rare.most

    def between(self, first: int, end: int) -> Numbers:
        return self._verified(self._other.candidates(self._rare.between(first, end)))

    def among(self, numbers: Numbers) -> Truths:
        return contained(numbers, self._verified(self._other.candidates(self._rare.candidates(numbers))))

    def _verified(self, numbers: Numbers) -> Numbers:
        if not len(numbers):
            return numbers
        here, there = (phrase.places(numbers) for phrase in self._phrases)
        first, end = there.searchsorted(here - self._before), there.searchsorted(here + self._after, "right")
        return np.unique(here[end > first] >> _TEXT_SHIFT).astype(np.uint32)
