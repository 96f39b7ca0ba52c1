"""The best matches first: BM25 over the newest hits of many segments.

    score = the sum over the words asked for of   idf x tf x (K + 1) / (tf + K)
    idf   = ln(1 + (N - n + 1/2) / (n + 1/2))

N texts are searched, n of them hold the word, and it stands tf times in this one (Robertson and Zaragoza, The
Probabilistic Relevance Framework, 2009). A word with a star or a tilde is one word: all that it stands for, together.
What only filters (fields, dates, a word after a minus) doesn't score.

Lengths are left out (b = 0 in the formula): the index keeps none, and a text message is short anyway.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from archive.search import plan
from archive.search.index import Ranked, to_rank_cursor
from archive.search.plan import Plan
from archive.search.query.terms import Sought
from archive.search.whoosh.binding import Budget, bind, is_exact, look_up
from archive.search.whoosh.postings import counts_of
from archive.search.whoosh.sections import Numbers
from archive.search.whoosh.segments import Segment

K = 1.2
_DECIMALS = 9
"""To which scores are compared. Two texts of equal worth stay equal, in whatever order their parts were added up."""

_Word = tuple[Sought, int]
"""One step of what is sought: a term, the beginning of one, or one that is close."""


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Hits in the order of (at, serial), and of each the place of its segment among the segments."""

    ats: Numbers
    serials: Numbers
    numbers: Numbers
    owners: Numbers


def best(
    segments: Sequence[Segment], wanted: Plan, budget: Budget, limit: int, through: int, rank: int, most: int
) -> Ranked:
    """`limit` hits from `rank` on, as if no text after serial `through` were there."""
    hits, total = _newest(segments, wanted, budget, through, most)
    scores = _scores(segments, hits, _words(wanted), budget, through)
    order = np.lexsort((hits.serials, hits.ats, scores))[::-1]
    chosen = order[rank : rank + limit]
    after = rank + len(chosen)
    return Ranked(
        hits=tuple(zip(hits.serials[chosen].tolist(), hits.ats[chosen].tolist(), strict=True)),
        next=to_rank_cursor(through, after) if after < len(order) else None,
        compared=len(order),
        whole=total <= most,
    )


def _newest(
    segments: Sequence[Segment], wanted: Plan, budget: Budget, through: int, most: int
) -> tuple[_Candidates, int]:
    """The newest hits, up to `most`, and how many were found before it was clear that there are none newer."""
    found: list[tuple[int, Numbers]] = []
    total = 0
    for place in sorted(range(len(segments)), key=lambda place: segments[place].last, reverse=True):
        if total > most and segments[place].last[0] < _at_of(segments, found, most):
            break
        segment = segments[place]
        numbers = bind(wanted, segment, budget).between(0, segment.size)
        numbers = numbers[segment.serials[numbers] <= through]
        found.append((place, numbers))
        total += len(numbers)
    hits = _Candidates(
        ats=_joined([segments[place].ats[numbers] for place, numbers in found]),
        serials=_joined([segments[place].serials[numbers] for place, numbers in found]),
        numbers=_joined([numbers for _, numbers in found]),
        owners=_joined([np.full(len(numbers), place) for place, numbers in found]),
    )
    newest = np.lexsort((hits.serials, hits.ats))[-most:]
    return _Candidates(hits.ats[newest], hits.serials[newest], hits.numbers[newest], hits.owners[newest]), total


def _at_of(segments: Sequence[Segment], found: Sequence[tuple[int, Numbers]], rank: int) -> int:
    """The moment of the hit at this rank from the newest."""
    ats = _joined([segments[place].ats[numbers] for place, numbers in found])
    return int(np.partition(ats, len(ats) - rank)[len(ats) - rank])


def _joined(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate([np.zeros(0, np.int64), *parts])


def _words(wanted: Plan) -> list[_Word]:
    """What scores: each term once, in however many phrases it stands."""
    words: dict[tuple[str, str, int], _Word] = {}
    for sought in _sought(wanted):
        for step, token in enumerate(sought.terms):
            kind = sought.last if step + 1 == len(sought.terms) else "exact"
            words.setdefault((token.term, kind, sought.distance), (sought, step))
    return list(words.values())


def _sought(wanted: Plan) -> Iterator[Sought]:
    match wanted:
        case plan.Words(sought):
            yield sought
        case plan.Near(left, right):
            yield from (left, right)
        case plan.And(parts) | plan.Or(parts):
            for part in parts:
                yield from _sought(part)


def _scores(
    segments: Sequence[Segment], hits: _Candidates, words: Sequence[_Word], budget: Budget, through: int
) -> Numbers:
    scores = np.zeros(len(hits.ats))
    if not words:
        return scores
    seen = [_seen(segment, through) for segment in segments]
    searched = sum(
        segment.size if known is None else int(known.sum()) for segment, known in zip(segments, seen, strict=True)
    )
    places = [np.flatnonzero(hits.owners == place) for place in range(len(segments))]
    for sought, step in words:
        holding = 0
        times = np.zeros(len(scores))
        for segment, known, mine in zip(segments, seen, places, strict=True):
            texts, counts = _counted(segment, sought, step, budget)
            holding += len(texts) if known is None else int(known[texts].sum())
            times[mine] = _of(hits.numbers[mine], texts, counts)
        idf = log(1 + (searched - holding + 0.5) / (holding + 0.5))
        scores += idf * times * (K + 1) / (times + K)
    return np.round(scores, _DECIMALS)


def _seen(segment: Segment, through: int) -> Numbers | None:
    """For each text of the segment whether it counts; None where all do."""
    return None if segment.serials.max() <= through else segment.serials <= through


def _counted(segment: Segment, sought: Sought, step: int, budget: Budget) -> tuple[Numbers, Numbers]:
    """The texts, ascending, in which one of the terms stands, and how often."""
    found = look_up(segment, sought, step, budget)
    if found is None:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint8)
    if is_exact(sought, step):
        return found.texts, counts_of(found)
    times = np.bincount(found.texts, counts_of(found), segment.size)
    texts = np.flatnonzero(times)
    return texts, times[texts]


def _of(numbers: Numbers, texts: Numbers, counts: Numbers) -> Numbers:
    """The count of each of `numbers`, 0 for those that aren't among the texts."""
    if not len(texts):
        return np.zeros(len(numbers))
    at = np.searchsorted(texts, numbers).clip(max=len(texts) - 1)
    return np.where(texts[at] == numbers, counts[at], 0)
