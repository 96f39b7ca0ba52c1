"""The newest (or oldest) hits of many segments, exactly in order, reading no more of them than it takes."""

from collections.abc import Sequence

import numpy as np

from archive.search.index import Order, Page, from_cursor, to_cursor
from archive.search.plan import Plan
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
    found = (_newest if order == "newest" else _oldest)(segments, wanted, budget, limit + 1, after)
    hits = tuple((serial, at) for at, serial in found[:limit])
    return Page(hits, to_cursor(hits[-1]) if len(found) > limit and hits else None)


def count(segments: Sequence[Segment], wanted: Plan, budget: Budget) -> int:
    return sum(_count(bind(wanted, segment, budget), segment.size) for segment in segments)


def _count(node: Node, size: int) -> int:
    """Of one term, and of a range, it is known without reading."""
    return node.most if isinstance(node, Ascending | Range) else len(node.between(0, size))


def _newest(
    segments: Sequence[Segment], wanted: Plan, budget: Budget, enough: int, before: _Place | None
) -> list[_Place]:
    best = list[_Place]()
    for segment in reversed(segments):
        if len(best) == enough and segment.last < best[-1]:
            break
        node = bind(wanted, segment, budget)
        if not node.most:
            continue
        end = segment.size if before is None else segment.number_before(before)
        numbers = _last(node, end, enough)
        if len(numbers):
            best = sorted([*best, *_places(segment, numbers)], reverse=True)[:enough]
    return best


def _oldest(
    segments: Sequence[Segment], wanted: Plan, budget: Budget, enough: int, after: _Place | None
) -> list[_Place]:
    best = list[_Place]()
    for segment in sorted(segments, key=lambda segment: segment.first):
        if len(best) == enough and segment.first > best[-1]:
            break
        node = bind(wanted, segment, budget)
        if not node.most:
            continue
        start = 0 if after is None else segment.number_before((after[0], after[1] + 1))
        numbers = _first(node, start, segment.size, enough)
        if len(numbers):
            best = sorted([*best, *_places(segment, numbers)])[:enough]
    return best


def _last(node: Node, end: int, enough: int) -> Numbers:
    """The last `enough` found texts before number `end`, looked for in windows that grow."""
    found: list[Numbers] = []
    width = _window(node, end, enough)
    while end > 0 and enough > 0:
        first = max(0, end - width)
        found.append(node.between(first, end)[-enough:])
        enough -= len(found[-1])
        end, width = first, width * _MORE
    return _together(found)


def _first(node: Node, start: int, size: int, enough: int) -> Numbers:
    """The first `enough` found texts from number `start` on."""
    found: list[Numbers] = []
    width = _window(node, size - start, enough)
    while start < size and enough > 0:
        end = min(size, start + width)
        found.append(node.between(start, end)[:enough])
        enough -= len(found[-1])
        start, width = end, width * _MORE
    return _together(found)


def _window(node: Node, texts: int, enough: int) -> int:
    """As many texts as should hold enough, if the found ones were spread evenly."""
    return max(_SMALLEST_WINDOW, texts * enough * _MORE // node.most)


def _together(found: list[Numbers]) -> Numbers:
    return found[0] if len(found) == 1 else np.concatenate([np.zeros(0, np.uint32), *found])


def _places(segment: Segment, numbers: Numbers) -> list[_Place]:
    return list(zip(segment.ats[numbers].tolist(), segment.serials[numbers].tolist(), strict=True))
