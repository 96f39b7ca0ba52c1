"""The newest (or oldest) hits of many segments, exactly in order, reading no more segments than it takes."""

from collections.abc import Sequence

from archive.search.index import Order, Page, from_cursor, to_cursor
from archive.search.plan import Plan
from archive.search.whoosh.blocks import Numbers
from archive.search.whoosh.evaluate import Budget, Evaluator
from archive.search.whoosh.segments import Segment

_Place = tuple[int, int]
"""(at, serial)"""


def page(
    segments: Sequence[Segment], wanted: Plan, budget: Budget, limit: int, cursor: str | None, order: Order
) -> Page:
    after = from_cursor(cursor) if cursor else None
    found = (_newest if order == "newest" else _oldest)(segments, wanted, budget, limit + 1, after)
    hits = tuple((serial, at) for at, serial in found[:limit])
    return Page(hits, to_cursor(hits[-1]) if len(found) > limit and hits else None)


def count(segments: Sequence[Segment], wanted: Plan, budget: Budget) -> int:
    return sum(len(Evaluator(segment, budget).find(wanted)) for segment in segments)


def _newest(
    segments: Sequence[Segment], wanted: Plan, budget: Budget, enough: int, before: _Place | None
) -> list[_Place]:
    best = list[_Place]()
    for segment in sorted(segments, key=lambda segment: segment.last, reverse=True):
        if len(best) == enough and segment.last < best[-1]:
            break
        end = segment.size if before is None else segment.number_before(before)
        if end:
            numbers = Evaluator(segment, budget).find(wanted)
            numbers = numbers[: numbers.searchsorted(end)][-enough:]
            best = sorted([*best, *_places(segment, numbers)], reverse=True)[:enough]
    return best


def _oldest(
    segments: Sequence[Segment], wanted: Plan, budget: Budget, enough: int, after: _Place | None
) -> list[_Place]:
    best = list[_Place]()
    for segment in sorted(segments, key=lambda segment: segment.first):
        if len(best) == enough and segment.first > best[-1]:
            break
        start = 0 if after is None else segment.number_before((after[0], after[1] + 1))
        if start < segment.size:
            numbers = Evaluator(segment, budget).find(wanted)
            numbers = numbers[numbers.searchsorted(start) :][:enough]
            best = sorted([*best, *_places(segment, numbers)])[:enough]
    return best


def _places(segment: Segment, numbers: Numbers) -> list[_Place]:
    return list(zip(segment.ats[numbers].tolist(), segment.serials[numbers].tolist(), strict=True))
