"""Where in a text the words of a query are, to be shown with a hit."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from archive.search.analysis import Spanned, tokens_with_spans
from archive.search.query import model
from archive.search.query.distance import is_close
from archive.search.query.model import Query, Text
from archive.search.query.terms import Sought, positive_texts, sought

_ByTerm = dict[str, list[Spanned]]


@dataclass(frozen=True, slots=True)
class _Place:
    """One occurrence: positions first to last, code points [start, end)."""

    first: int
    last: int
    start: int
    end: int


def find_marks(text: str, wanted: Query) -> list[tuple[int, int]]:
    """Code-point ranges [start, end) of the text that the query's words stand for: sorted, none
    touching another.
    """
    by_term: _ByTerm = defaultdict(list)
    for token in tokens_with_spans(text):
        by_term[token.term].append(token)
    places: list[_Place] = []
    for part in positive_texts(wanted):
        places += _near(by_term, part) if isinstance(part, model.Near) else _places(by_term, part)
    return _merged((place.start, place.end) for place in places)


def _near(by_term: _ByTerm, near: model.Near) -> list[_Place]:
    left, right = _places(by_term, near.left), _places(by_term, near.right)
    pairs = [(one, other) for one in left for other in right if _gap(one, other) <= near.distance]
    return [place for pair in pairs for place in pair]


def _gap(one: _Place, other: _Place) -> int:
    return max(one.first - other.last, other.first - one.last, 0)


def _places(by_term: _ByTerm, text: Text) -> list[_Place]:
    """Every occurrence of the sought terms, found from those of the first."""
    asked = sought(text)
    steps = [_occurrences(by_term, asked, number) for number in range(len(asked.terms))]
    # Of several that begin at one position, the longest is marked.
    at = [{token.position: token for token in sorted(step, key=_length)} for step in steps]
    found = []
    for base in at[0]:
        matched = [step.get(base + token.position) for step, token in zip(at, asked.terms, strict=True)]
        if all(matched):
            found.append(_place([token for token in matched if token]))
    return found


def _place(tokens: list[Spanned]) -> _Place:
    return _Place(
        min(token.position for token in tokens),
        max(token.position for token in tokens),
        min(token.start for token in tokens),
        max(token.end for token in tokens),
    )


def _occurrences(by_term: _ByTerm, asked: Sought, number: int) -> Iterable[Spanned]:
    term = asked.terms[number].term
    if asked.last == "exact" or number + 1 < len(asked.terms):
        return by_term.get(term, [])
    fits: Callable[[str], bool] = (
        partial(_begins, term) if asked.last == "prefix" else lambda other: is_close(other, term, asked.distance)
    )
    return [token for other, tokens in by_term.items() if fits(other) for token in tokens]


def _length(token: Spanned) -> int:
    return token.end - token.start


def _begins(stem: str, term: str) -> bool:
    return term.startswith(stem)


def _merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
