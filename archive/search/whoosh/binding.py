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
        case plan.Words(sought):
            return _words(sought, segment, budget)
        case plan.Exact(field, values):
            return _exact(segment.terms(field), values, segment.size)
        case plan.And(parts):
            return _all(parts, segment, budget)
        case plan.Or(parts):
            return _any([bind(part, segment, budget) for part in parts], segment.size)
        case plan.Not(part):
            return Other(bind(part, segment, budget), segment.size)
        case plan.Moments(start, until):
            first = 0 if start is None else segment.number_from(start)
            return Range(first, segment.size if until is None else segment.number_from(until))
        case plan.Near(left, right, distance):
            return _near(left, right, distance, segment, budget)
        case plan.Serials(first, last):
            return Chosen((segment.serials >= first) & (segment.serials <= last))
        case plan.Among(serials):
            return Chosen(np.isin(segment.serials, serials, assume_unique=True))
        case plan.Everything():
            return Range(0, segment.size)
        case plan.Nothing():
            return NONE


def _all(parts: Sequence[Plan], segment: Segment, budget: Budget) -> Node:
    """Dates first: they rule out most segments, where nothing needs to be looked up then."""
    nodes: list[Node] = []
    for part in sorted(parts, key=_turn):
        nodes.append(bind(part, segment, budget))
        if not nodes[-1].most:
            return NONE
    return All(nodes)


def _turn(part: Plan) -> int:
    return 0 if isinstance(part, plan.Moments) else 1


def _exact(terms: Terms | None, values: Sequence[str], size: int) -> Node:
    found = [postings.texts for value in values if terms and (postings := terms.postings(value.encode()))]
    return _any([Ascending(texts) for texts in found], size)


def _any(nodes: Sequence[Node], size: int) -> Node:
    """Without those that find nothing here."""
    left = [node for node in nodes if node.most]
    return (left[0] if len(left) == 1 else Any(left, size)) if left else NONE


def _words(sought: Sought, segment: Segment, budget: Budget) -> Node:
    if sought.is_single and sought.last == "exact":
        return _exact(segment.terms(TEXT), (sought.terms[0].term,), segment.size)
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
