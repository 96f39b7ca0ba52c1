"""The posting lists of one field of one segment: which texts hold a term, and where in them.

All lists lie one behind the other, in the order of their terms, so that the terms of a prefix share one stretch:

    keys        a b c            the terms, ascending
    starts      0 2 5 6          where the list of each begins among `texts`, and the end of all
    texts       3 7 1 3 9 3      numbers of texts, ascending within a list
    counts      1 2 1 1 1 1      occurrences in each of those texts
    places      0 3 6 7          where the positions of each term begin, and the end of all
    positions   4 0 5 1 1 2 6    of all occurrences, those of the first text first
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, compress
from typing import NamedTuple

import numpy as np

from archive.search.whoosh.sections import Numbers

NUMBER = np.dtype("<u4")

_ASCII, _LAST_BIT = 0x80, 31


class Postings(NamedTuple):
    """One list. `counts` and `positions` are None in fields without positions, `counts` also where each is 1."""

    texts: Numbers
    counts: Numbers | None = None
    positions: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists of one field, in memory. Without positions the last three are None."""

    keys: Sequence[bytes]
    starts: Numbers
    texts: Numbers
    places: Numbers | None = None
    counts: Numbers | None = None
    positions: Numbers | None = None

    def part(self, first: int, end: int) -> "Lists":
        """The lists of the terms from number `first` to `end`."""
        begin, stop = self.starts[first], self.starts[end]
        starts, texts = self.starts[first : end + 1].astype(np.int64) - begin, self.texts[begin:stop]
        if self.places is None or self.counts is None or self.positions is None:
            return Lists(self.keys[first:end], starts, texts)
        place, last = self.places[first], self.places[end]
        places = self.places[first : end + 1].astype(np.int64) - place
        return Lists(self.keys[first:end], starts, texts, places, self.counts[begin:stop], self.positions[place:last])

    def sizes(self) -> Numbers:
        """How often each term occurs."""
        return np.diff((self.starts if self.places is None else self.places).astype(np.int64))

    def sections(self, field: str) -> Iterator[tuple[str, Numbers]]:
        """What of it is written. `letters` says of each term which letters it has, for finding similar ones."""
        joined = np.frombuffer(b"".join(self.keys), np.uint8)
        ends = np.fromiter(accumulate(map(len, self.keys), initial=0), NUMBER, len(self.keys) + 1)
        yield f"{field}.keys", joined
        yield f"{field}.ends", ends
        yield f"{field}.starts", self.starts.astype(NUMBER, copy=False)
        yield f"{field}.texts", self.texts.astype(NUMBER, copy=False)
        if self.places is not None and self.counts is not None and self.positions is not None:
            yield f"{field}.letters", letters(joined, ends)
            yield f"{field}.places", self.places.astype(NUMBER, copy=False)
            yield f"{field}.counts", _narrow(self.counts)
            yield f"{field}.positions", _narrow(self.positions)


def letters(joined: Numbers, ends: Numbers) -> Numbers:
    """A set of letters for each term, one bit for several: taking a letter away or adding one changes one bit at most.

    Everything outside ASCII shares the last bit.
    """
    if not len(joined):
        return np.zeros(0, NUMBER)
    bits = np.left_shift(np.uint32(1), np.where(joined < _ASCII, joined & _LAST_BIT, _LAST_BIT).astype(np.uint32))
    return np.bitwise_or.reduceat(bits, ends[:-1].astype(np.int64)).astype(NUMBER)


def grouped(keys: Sequence[bytes], terms: Numbers, texts: Numbers, positions: Numbers | None) -> Lists:
    """Lists from single occurrences in the order of term, text and position. `terms`: numbers among `keys`.

    A key that has no occurrence is left out.
    """
    first = np.ones(len(terms), np.bool_)
    first[1:] = (terms[1:] != terms[:-1]) | (texts[1:] != texts[:-1])
    at = np.flatnonzero(first)
    each = np.bincount(terms[at], minlength=len(keys))
    there = each > 0
    if not there.all():
        keys = list(compress(keys, there.tolist()))
    starts = _running(each[there])
    if positions is None:
        return Lists(keys, starts, texts[at])
    places = _running(np.bincount(terms, minlength=len(there))[there])
    return Lists(keys, starts, texts[at], places, np.diff(at, append=len(terms)), positions)


def appended(parts: Iterable[Lists]) -> Lists:
    """Lists of terms that follow each other."""
    several = list(parts)
    if len(several) == 1:
        return several[0]
    keys = list(chain.from_iterable(part.keys for part in several))
    starts = _running(np.concatenate([np.diff(part.starts) for part in several]))
    texts = np.concatenate([part.texts for part in several])
    if several[0].positions is None:
        return Lists(keys, starts, texts)
    places = _running(np.concatenate([part.sizes() for part in several]))
    counts = np.concatenate([part.counts for part in several if part.counts is not None])
    positions = np.concatenate([part.positions for part in several if part.positions is not None])
    return Lists(keys, starts, texts, places, counts, positions)


def occurrences(lists: Lists) -> tuple[Numbers, Numbers, Numbers | None]:
    """(term, text, position) of each occurrence: what `grouped` takes."""
    each: Numbers = np.diff(lists.starts.astype(np.int64))
    terms = np.repeat(np.arange(len(lists.keys), dtype=np.int64), each)
    if lists.counts is None:
        return terms, lists.texts, None
    return np.repeat(terms, lists.counts), np.repeat(lists.texts, lists.counts), lists.positions


def joined(several: Iterable[Postings]) -> Postings:
    """One behind the other, in no order."""
    lists = list(several)
    if len(lists) == 1:
        return lists[0]
    texts = np.concatenate([one.texts for one in lists])
    if lists[0].positions is None:
        return Postings(texts)
    counts = np.concatenate([counts_of(one) for one in lists])
    return Postings(texts, counts, np.concatenate([one.positions for one in lists if one.positions is not None]))


def counts_of(postings: Postings) -> Numbers:
    return np.ones(len(postings.texts), np.uint8) if postings.counts is None else postings.counts


def _running(each: Numbers) -> Numbers:
    """0, then the sum up to each."""
    sums = np.zeros(len(each) + 1, np.int64)
    np.cumsum(each, out=sums[1:])
    return sums


def _narrow(numbers: Numbers) -> Numbers:
    """In one, two or four bytes each, whatever the largest needs."""
    largest = int(numbers.max(initial=0))
    return numbers.astype("<u1" if largest < 1 << 8 else "<u2" if largest < 1 << 16 else NUMBER, copy=False)
