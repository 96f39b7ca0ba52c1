"""New segments from old ones: several become one, or one loses some of its texts."""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter

import numpy as np
from whoosh.filedb.filestore import FileStorage

from archive.search.whoosh.blocks import Numbers, Postings, joined, only
from archive.search.whoosh.codec import TermList, TextSegment
from archive.search.whoosh.segments import Segment, write_segment

_MOST = 8
_SMALLEST = 64
_GONE = -1


def worth_merging(sizes: Sequence[int]) -> list[int]:
    """Which of a month's segments to make one of, by their sizes; none, as long as there are few of about one size.

    A text is rewritten only when its segment grows eightfold, so that rewriting stays cheap however many there are.
    """
    limit = _SMALLEST
    while True:
        small = [number for number, size in enumerate(sizes) if size < limit]
        if len(small) >= _MOST:
            return small
        if len(small) == len(sizes):
            return []
        limit *= _MOST


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
    lists = _lists(segments, renumbered, whole=bool(kept.all()))
    return write_segment(storage, lists, ats[order].tolist(), serials[order].tolist())


def _lists(segments: Sequence[Segment], renumbered: Sequence[Numbers], *, whole: bool) -> Iterator[TermList]:
    """All lists of the segments, equal terms together, under the new numbers. `whole`: no text is dropped."""
    each = [_numbered(number, segment) for number, segment in enumerate(segments)]
    for (field, term), group in groupby(merge(*each), key=itemgetter(0)):
        left = [_moved(segments[number].terms.block_at(where), renumbered[number]) for _, number, where in group]
        if not whole:
            left = [kept for postings in left if len((kept := only(postings, postings.texts != _GONE)).texts)]
        if left:
            yield field, term, joined(left)


def _numbered(number: int, segment: Segment) -> Iterator[tuple[tuple[str, bytes], int, bytes]]:
    for term, where in segment.terms.all_lists():
        yield term, number, where


def _moved(postings: Postings, new_numbers: Numbers) -> Postings:
    return Postings(new_numbers[postings.texts], postings.counts, postings.positions)
