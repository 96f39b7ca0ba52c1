"""A plan and one segment: terms are looked up, and what is left is a tree of nodes that read lists."""

from collections.abc import Sequence

import numpy as np

from archive.search import plan
from archive.search.index import NotSearchable
from archive.search.plan import Plan
from archive.search.query.distance import is_close
from archive.search.query.terms import Sought
from archive.search.whoosh.codec import TEXT
from archive.search.whoosh.nodes import NONE, All, Any, Ascending, Chosen, Node, Other, Range
from archive.search.whoosh.phrases import Near, Phrase, Step
from archive.search.whoosh.postings import Postings
from archive.search.whoosh.segments import Segment
from archive.search.whoosh.terms import Terms

POSTINGS_AT_MOST = 100_000_000
"""Of the prefixes and fuzzy words of one query. So many take about a second."""


class Budget:
    """How much one query may look at: a prefix of one letter must not keep everybody waiting.

    Also remembers from segment to segment which terms are close to a fuzzy word, since most words are in all of them.
    """

    def __init__(self, postings: int = POSTINGS_AT_MOST) -> None:
        self._left = postings
        self._close: dict[tuple[str, str], bool] = {}

    def spend(self, postings: int) -> None:
        self._left -= postings
        if self._left < 0:
            raise NotSearchable(
                "Too many words of too many texts begin like that.", "Write more letters before the star or the tilde."
            )

    def is_close(self, term: str, word: str, distance: int) -> bool:
        known = self._close.get((term, word))
        if known is None:
            known = self._close[term, word] = is_close(term, word, distance)
        return known


def bind(wanted: Plan, segment: Segment, budget: Budget) -> Node:  # noqa: PLR0911 - one for each kind.
    """The node that finds on the segment what the plan wants. Raises `NotSearchable`."""
    match wanted:
        case plan.Words():
            return _words(wanted.sought, segment, budget)
        case plan.Exact():
            return _exact(segment.terms(wanted.field), wanted.values, segment.size)
        case plan.Or():
            return _any([bind(part, segment, budget) for part in wanted.parts], segment.size)
        case plan.And():
            return _all(wanted.parts, segment, budget)
        case plan.Not():
            return Other(bind(wanted.part, segment, budget), segment.size)
        case plan.Moments():
            return Range(*segment.within(wanted))
        case plan.Near():
            return _near(wanted.left, wanted.right, wanted.distance, segment, budget)
        case plan.Serials():
            return Chosen((segment.serials >= wanted.first) & (segment.serials <= wanted.last))
        case plan.Among():
            return Chosen(np.isin(segment.serials, wanted.serials, assume_unique=True))
        case plan.Everything():
            return Range(0, segment.size)
        case plan.Nothing():
            return NONE


def _all(parts: Sequence[Plan], segment: Segment, budget: Budget) -> Node:
    nodes: list[Node] = []
    for part in parts:
        nodes.append(bind(part, segment, budget))
        if not nodes[-1].most:
            return NONE
    return All(nodes)


def _exact(terms: Terms | None, values: Sequence[str], size: int) -> Node:
    if terms is None:
        return NONE
    if len(values) == 1:
        return _list(terms, values[0])
    return _any([_list(terms, value) for value in values], size)


def _list(terms: Terms, value: str) -> Node:
    found = terms.postings(value.encode())
    return Ascending(found.texts) if found else NONE


def _any(nodes: Sequence[Node], size: int) -> Node:
    """Without those that find nothing here."""
    left = [node for node in nodes if node.most]
    return (left[0] if len(left) == 1 else Any(left, size)) if left else NONE


def _words(sought: Sought, segment: Segment, budget: Budget) -> Node:
    if sought.is_single and sought.last == "exact":
        terms = segment.terms(TEXT)
        return _list(terms, sought.terms[0].term) if terms else NONE
    steps = _steps(sought, segment, budget)
    return (steps[0].texts if len(steps) == 1 else Phrase(steps)) if steps else NONE


def _near(left: Sought, right: Sought, distance: int, segment: Segment, budget: Budget) -> Node:
    here, there = _steps(left, segment, budget), _steps(right, segment, budget)
    if not here or not there:
        return NONE
    return Near(Phrase(here), Phrase(there), (_length(left), _length(right)), distance)


def _steps(sought: Sought, segment: Segment, budget: Budget) -> list[Step]:
    """One for each term; none where the segment lacks one."""
    steps: list[Step] = []
    for number, token in enumerate(sought.terms):
        found = look_up(segment, sought, number, budget)
        if found is None:
            return []
        steps.append(Step(found, token.position, segment.size, ascending=is_exact(sought, number)))
    return steps


def look_up(segment: Segment, sought: Sought, step: int, budget: Budget) -> Postings | None:
    """The list of one of the sought terms, or the lists of all that it may be, one behind the other."""
    terms, term = segment.terms(TEXT), sought.terms[step].term
    if terms is None:
        return None
    return terms.postings(term.encode()) if is_exact(sought, step) else _expanded(terms, term, sought, budget)


def is_exact(sought: Sought, step: int) -> bool:
    return sought.last == "exact" or step + 1 < len(sought.terms)


def _expanded(terms: Terms, term: str, sought: Sought, budget: Budget) -> Postings | None:
    if sought.last == "prefix":
        run = terms.beginning_with(term.encode())
        budget.spend(terms.size(run))
        return terms.stretch(run) if run else None
    close = [
        number for number, other in terms.alike(term, sought.distance) if budget.is_close(other, term, sought.distance)
    ]
    budget.spend(sum(terms.size(range(number, number + 1)) for number in close))
    return terms.several(close) if close else None


def _length(sought: Sought) -> int:
    return max(token.position for token in sought.terms)
