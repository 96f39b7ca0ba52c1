"""The newest (or oldest) hits of many segments, exactly in order, reading no more of them than it takes."""

from collections.abc import Sequence

import numpy as np

from archive.search.index import Order, Page, from_cursor, to_cursor
from archive.search.plan import Moments, Plan, dates_apart
from archive.search.whoosh.binding import Budget, bind
from archive.search.whoosh.nodes import Ascending, Node, Range
from archive.search.whoosh.sections import Numbers
from archive.search.whoosh.segments import Segment

_Place = tuple[int, int]
"""(at, serial)"""

_SMALLEST_WINDOW = 256
_MORE = 4
"""How much larger the first window is than it should have to be, and each one than the last."""


def page(
    segments: Sequence[Segment], wanted: Plan, budget: Budget, limit: int, cursor: str | None, order: Order
) -> Page:
    """`segments`: those with the newest texts last."""
    after = from_cursor(cursor) if cursor else None
    dates, rest = dates_apart(wanted)
    found = (_newest if order == "newest" else _oldest)(segments, dates, rest, budget, limit + 1, after)
    hits = tuple((serial, at) for at, serial in found[:limit])
    return Page(hits, to_cursor(hits[-1]) if len(found) > limit and hits else None)


def count(segments: Sequence[Segment], wanted: Plan, budget: Budget) -> int:
    dates, rest = dates_apart(wanted)
    stretches = ((segment, *segment.within(dates)) for segment in segments)
    return sum(
        _count(bind(rest, segment, budget), first, end, segment.size)
        for segment, first, end in stretches
        if first < end
    )


def _count(node: Node, first: int, end: int, size: int) -> int:
    """Of one term, and of a range, it is known without reading."""
    known = end - first == size and isinstance(node, Ascending | Range)
    return node.most if known else len(node.between(first, end))


def _newest(
    segments: Sequence[Segment], dates: Moments, wanted: Plan, budget: Budget, enough: int, before: _Place | None
) -> list[_Place]:
    best = list[_Place]()
    for segment in reversed(segments):
        if len(best) == enough and segment.last < best[-1]:
            break
        first, end = segment.within(dates)
        if before is not None:
            end = min(end, segment.number_before(before))
        if first < end and (node := bind(wanted, segment, budget)).most:
            numbers = _last(node, first, end, enough, _window(node, segment.size, enough))
            best = sorted([*best, *_places(segment, numbers)], reverse=True)[:enough]
    return best


def _oldest(
    segments: Sequence[Segment], dates: Moments, wanted: Plan, budget: Budget, enough: int, after: _Place | None
) -> list[_Place]:
    best = list[_Place]()
    for segment in sorted(segments, key=lambda segment: segment.first):
        if len(best) == enough and segment.first > best[-1]:
            break
        first, end = segment.within(dates)
        if after is not None:
            first = max(first, segment.number_before((after[0], after[1] + 1)))
        if first < end and (node := bind(wanted, segment, budget)).most:
            numbers = _first(node, first, end, enough, _window(node, segment.size, enough))
            best = sorted([*best, *_places(segment, numbers)])[:enough]
    return best


def _last(node: Node, first: int, end: int, enough: int, width: int) -> Numbers:
    """The last `enough` found texts between two numbers, looked for in windows that grow."""
    found: list[Numbers] = []
    while end > first and enough > 0:
        begin = max(first, end - width)
        found.append(node.between(begin, end)[-enough:])
        enough -= len(found[-1])
        end, width = begin, width * _MORE
    return _together(found)


def _first(node: Node, first: int, end: int, enough: int, width: int) -> Numbers:
    """The first `enough` found texts between two numbers."""
    found: list[Numbers] = []
    while first < end and enough > 0:
        stop = min(end, first + width)
        found.append(node.between(first, stop)[:enough])
        enough -= len(found[-1])
        first, width = stop, width * _MORE
    return _together(found)


def _window(node: Node, size: int, enough: int) -> int:
    """As many texts as should hold enough, if the found ones were spread evenly over all of them."""
    return max(_SMALLEST_WINDOW, size * enough * _MORE // node.most)


def _together(found: list[Numbers]) -> Numbers:
    return found[0] if len(found) == 1 else np.concatenate(found)


def _places(segment: Segment, numbers: Numbers) -> list[_Place]:
    if not len(numbers):
        return []
    return list(zip(segment.ats[numbers].tolist(), segment.serials[numbers].tolist(), strict=True))
