"""The dictionary of one field of one segment: a term's list, the terms that begin so, the terms that look so."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from archive.search.whoosh.postings import Lists, Postings, joined, letters
from archive.search.whoosh.sections import Numbers, Sections

_LAST = b"\xff"
"""Behind every continuation of a term: no UTF-8 has this byte."""

_SIGNPOSTS = 32
"""Of so many terms one is kept in memory, since comparing the others means cutting them out of the file."""

_MOST_LOOKED_UP = 256

_OUTSIDE_ASCII = 1 << 31
_LONGEST_LETTER = 4


class Terms:
    """Reads where the lists lie in the mapped file. Safe to share between threads."""

    def __init__(self, sections: Sections, field: str) -> None:
        self._mapped = sections.mapped
        self._keys, _ = sections.where(f"{field}.keys")
        self._ends = sections.integers(f"{field}.ends")
        self._starts = sections.integers(f"{field}.starts")
        self._texts = sections.numbers(f"{field}.texts")
        self._numbers = range(len(self._ends) - 1)
        self._sections, self._field = sections, field
        self._looked_up: dict[bytes, Postings | None] = {}
        self.has_positions = field in sections.prefixes(".positions")
        if self.has_positions:
            self._places = sections.integers(f"{field}.places")
            self._counts = sections.numbers(f"{field}.counts")
            self._positions = sections.numbers(f"{field}.positions")

    def __iter__(self) -> Iterator[bytes]:
        return map(self.key, self._numbers)

    def key(self, number: int) -> bytes:
        return self._mapped[self._keys + self._ends[number] : self._keys + self._ends[number + 1]]

    def postings(self, term: bytes) -> Postings | None:
        """The list of one term; None where no text has it. A page, its count and the next page ask for the same."""
        try:
            return self._looked_up[term]
        except KeyError:
            if len(self._looked_up) >= _MOST_LOOKED_UP:
                self._looked_up.clear()
            found = self._looked_up[term] = self._look_up(term)
            return found

    def _look_up(self, term: bytes) -> Postings | None:
        number = self._place(term)
        if number == len(self._numbers) or self.key(number) != term:
            return None
        return self.stretch(range(number, number + 1))

    def stretch(self, numbers: range) -> Postings:
        """The lists of successive terms, one behind the other."""
        first, end = self._starts[numbers.start], self._starts[numbers.stop]
        texts = self._texts[first:end]
        if not self.has_positions:
            return Postings(texts)
        place, last = self._places[numbers.start], self._places[numbers.stop]
        counts = None if last - place == end - first else self._counts[first:end]
        return Postings(texts, counts, self._positions[place:last])

    def beginning_with(self, beginning: bytes) -> range:
        """The numbers of the terms that begin so."""
        return range(self._place(beginning), self._place(beginning + _LAST))

    def size(self, numbers: range) -> int:
        """How many postings the terms have together."""
        return self._starts[numbers.stop] - self._starts[numbers.start]

    def alike(self, word: str, distance: int) -> Iterator[tuple[int, str]]:
        """(number, term) of all terms that may be within `distance` letters of `word`, and of some that are not.

        Each letter that is changed takes one out of the set of letters and puts one in, and changes the length by one
        at most (by four bytes where letters outside ASCII are about).
        """
        run = self.beginning_with(word[:1].encode())
        sought = word.encode()
        wanted = letters(np.frombuffer(sought, np.uint8), np.array([0, len(sought)]))[0]
        have = self._letters[run.start : run.stop]
        ends = np.asarray(self._ends[run.start : run.stop + 1], np.int64)
        slack = np.where((have | wanted) & _OUTSIDE_ASCII, _LONGEST_LETTER * distance, distance)
        close = (np.bitwise_count(have ^ wanted) <= 2 * distance) & (np.abs(np.diff(ends) - len(sought)) <= slack)
        for number in (np.flatnonzero(close) + run.start).tolist():
            yield number, self.key(number).decode()

    def several(self, numbers: list[int]) -> Postings:
        """The lists of terms that stand apart, one behind the other; at least one."""
        return joined(self.stretch(range(number, number + 1)) for number in numbers)

    def lists(self) -> Lists:
        """Everything, as it was written."""
        starts, texts = self._section("starts"), self._texts
        if not self.has_positions:
            return Lists(list(self), starts, texts)
        return Lists(list(self), starts, texts, self._section("places"), self._counts, self._positions)

    def _place(self, term: bytes) -> int:
        """How many terms come before it."""
        behind = bisect_left(self._signposts, term)
        first, end = max(0, (behind - 1) * _SIGNPOSTS), min(behind * _SIGNPOSTS, len(self._numbers))
        return bisect_left(self._numbers, term, first, end, key=self.key)

    @cached_property
    def _signposts(self) -> list[bytes]:
        return [self.key(number) for number in self._numbers[::_SIGNPOSTS]]

    @property
    def _letters(self) -> Numbers:
        return self._section("letters")

    def _section(self, name: str) -> Numbers:
        return self._sections.numbers(f"{self._field}.{name}")
