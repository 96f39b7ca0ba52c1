"""A plan and one text: whether it is found. The same answer as an index gives, for what has not reached one yet.

A hold decides by this what it covers, so nothing here asks an index or a budget: one text is looked at whole.
"""

from collections.abc import Iterator
from functools import cached_property

from archive.search import plan
from archive.search.analysis import analyse
from archive.search.index import IndexedText, exact_values
from archive.search.plan import Plan, exact_value
from archive.search.query.distance import is_close
from archive.search.query.terms import Sought


class TextInHand:
    """One text, its words cut at most once, however many plans are asked."""

    def __init__(self, text: IndexedText) -> None:
        self._text = text

    @cached_property
    def _positions(self) -> dict[str, set[int]]:
        """term → where it stands."""
        found: dict[str, set[int]] = {}
        for term, position in zip(*analyse(self._text.text), strict=True):
            found.setdefault(term, set()).add(position)
        return found

    @cached_property
    def _values(self) -> set[tuple[str, str]]:
        return {(field, exact_value(value)) for field, value in exact_values(self._text)}

    def fits(self, wanted: Plan) -> bool:  # noqa: PLR0911 - one for each kind.
        match wanted:
            case plan.Everything():
                return True
            case plan.Nothing():
                return False
            case plan.Words(sought):
                return bool(self._places(sought))
            case plan.Near(left, right, distance):
                return self._near(left, right, distance)
            case plan.Exact(field, values):
                return any((field, value) in self._values for value in values)
            case plan.Moments(start, until):
                at = self._text.at
                return (start is None or start <= at) and (until is None or at < until)
            case plan.Serials(first, last):
                return first <= self._text.serial <= last
            case plan.Among(serials):
                return bool((serials == self._text.serial).any())
            case plan.Not(part):
                return not self.fits(part)
            case plan.And(parts):
                return all(map(self.fits, parts))
            case plan.Or(parts):
                return any(map(self.fits, parts))

    def _near(self, left: Sought, right: Sought, distance: int) -> bool:
        before, after = _length(right) + distance, _length(left) + distance
        there = self._places(right)
        return any(-before <= other - here <= after for here in self._places(left) for other in there)

    def _places(self, sought: Sought) -> set[int]:
        """Where the sought words begin."""
        steps = (
            {place - token.position for place in self._standing(sought, step)}
            for step, token in enumerate(sought.terms)
        )
        return set.intersection(*steps)

    def _standing(self, sought: Sought, step: int) -> Iterator[int]:
        term = sought.terms[step].term
        if sought.last == "exact" or step + 1 < len(sought.terms):
            yield from self._positions.get(term, ())
            return
        for other, places in self._positions.items():
            near = is_close(other, term, sought.distance) if sought.last == "fuzzy" else other.startswith(term)
            if near:
                yield from places


def _length(sought: Sought) -> int:
    return max(token.position for token in sought.terms)
