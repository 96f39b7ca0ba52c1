"""New segments from old ones: several become one, or one loses some of its texts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from whoosh.filedb.filestore import FileStorage

from archive.search.whoosh.codec import TextSegment
from archive.search.whoosh.postings import Lists, appended, grouped, occurrences
from archive.search.whoosh.sections import Numbers
from archive.search.whoosh.segments import Segment, write_segment

_MOST = 8
_SMALLEST = 64
_LARGEST = 100_000
"""Texts of one segment, at most: to merge more would keep new texts waiting for longer than a second."""

_GONE = -1

_AT_ONCE = 4_000_000
"""Occurrences that are put in order together: a bound on memory, some 40 bytes each."""


def worth_merging(sizes: Sequence[int]) -> list[int]:
    """Which segments of a month that grows to make one of, by their sizes; none where few are of about one size.

    A text is rewritten when its segment grows by an eighth or more, so rewriting stays cheap however many there are
    and however few texts come at a time.
    """
    limit = _SMALLEST
    while limit < _LARGEST:
        small = _fitting([(size, number) for number, size in enumerate(sizes) if size < limit])
        if len(small) >= _MOST and _pays(sizes, small):
            return small
        limit *= _MOST
    return []


def worth_finishing(sizes: Sequence[int]) -> list[int]:
    """Which segments of a month that grows no more: all, but a few late texts do not have the whole month rewritten."""
    chosen = _fitting([(size, number) for number, size in enumerate(sizes)])
    return chosen if len(chosen) > 1 and _pays(sizes, chosen) else []


def _pays(sizes: Sequence[int], chosen: Sequence[int]) -> bool:
    """Whether the largest is not rewritten for a trickle."""
    several = [sizes[number] for number in chosen]
    return (sum(several) - max(several)) * _MOST >= max(several)


def _fitting(sizes: list[tuple[int, int]]) -> list[int]:
    """The numbers of the smallest of (size, number), as long as they make no segment that is too large."""
    totals = accumulate(size for size, _ in sorted(sizes))
    return [number for (_, number), total in zip(sorted(sizes), totals, strict=True) if total <= _LARGEST]


def rewrite(
    storage: FileStorage, segments: Sequence[Segment], gone: frozenset[int] = frozenset()
) -> TextSegment | None:
    """One segment of all texts but those whose serial is `gone`; None where nothing is left."""
    ats = np.concatenate([segment.ats for segment in segments])
    serials = np.concatenate([segment.serials for segment in segments])
    kept = ~np.isin(serials, np.fromiter(gone, np.int64, len(gone)))
    order = np.lexsort((serials, ats))
    order = order[kept[order]]
    if not len(order):
        return None
    new_numbers = np.full(len(serials), _GONE, np.int64)
    new_numbers[order] = np.arange(len(order))
    starts = np.cumsum([0, *(segment.size for segment in segments)])
    renumbered = [new_numbers[start : start + segment.size] for start, segment in zip(starts, segments, strict=False)]
    return write_segment(storage, _lists(segments, renumbered), ats[order], serials[order])


def _lists(segments: Sequence[Segment], renumbered: Sequence[Numbers]) -> Mapping[str, Lists]:
    names = sorted({name for segment in segments for name in segment.fields})
    merged = {name: _merged(_sources(name, segments, renumbered)) for name in names}
    return {name: lists for name, lists in merged.items() if len(lists.keys)}


@dataclass(frozen=True, slots=True)
class _Source:
    """One field of one segment. `ranks`: where each of its terms stands among the terms of all."""

    lists: Lists
    renumbered: Numbers
    keys: Sequence[bytes]
    ranks: Numbers

    def between(self, first: int, end: int) -> tuple[Numbers, Numbers, Numbers | None]:
        """(rank, new number, position) of the occurrences of the terms with these ranks, but of texts that are kept."""
        begin, stop = self.ranks.searchsorted((first, end)).tolist()
        terms, texts, positions = occurrences(self.lists.part(begin, stop))
        new = self.renumbered[texts]
        kept = new != _GONE
        if kept.all():
            return self.ranks[begin:stop][terms], new, positions
        return self.ranks[begin:stop][terms[kept]], new[kept], None if positions is None else positions[kept]


def _sources(name: str, segments: Sequence[Segment], renumbered: Sequence[Numbers]) -> list[_Source]:
    found = [
        (terms.lists(), new)
        for segment, new in zip(segments, renumbered, strict=True)
        if (terms := segment.terms(name))
    ]
    keys = sorted(set().union(*(lists.keys for lists, _ in found)))
    ranks = {key: rank for rank, key in enumerate(keys)}
    return [
        _Source(lists, new, keys, np.fromiter(map(ranks.__getitem__, lists.keys), np.int64, len(lists.keys)))
        for lists, new in found
    ]


def _merged(sources: Sequence[_Source]) -> Lists:
    """Some terms after the others, so that memory does not grow with the month."""
    keys = sources[0].keys
    return appended(
        grouped(keys[first:end], *_in_order([source.between(first, end) for source in sources], first))
        for first, end in _steps(sources)
    )


def _steps(sources: Sequence[_Source]) -> Iterator[tuple[int, int]]:
    """Stretches of ranks with some `_AT_ONCE` occurrences each."""
    sizes = np.zeros(len(sources[0].keys), np.int64)
    for source in sources:
        sizes[source.ranks] += source.lists.sizes()
    step = np.cumsum(sizes) // _AT_ONCE
    borders = [0, *(np.flatnonzero(np.diff(step)) + 1).tolist(), len(sizes)]
    yield from pairwise(borders)


def _in_order(
    parts: Sequence[tuple[Numbers, Numbers, Numbers | None]], first: int
) -> tuple[Numbers, Numbers, Numbers | None]:
    """All occurrences by term and text; those of one text stay as they were. Terms are counted from `first`."""
    terms = np.concatenate([part[0] for part in parts]) - first
    texts = np.concatenate([part[1] for part in parts])
    positions = None if parts[0][2] is None else np.concatenate([part[2] for part in parts if part[2] is not None])
    places = terms << 32 | texts
    if len(places) and not bool((places[1:] >= places[:-1]).all()):
        order = np.argsort(places, kind="stable")
        terms, texts, positions = terms[order], texts[order], None if positions is None else positions[order]
    return terms, texts, positions
