"""The same query as chips: each part that can be taken away by itself, and the line that is left
without it.
"""

from dataclasses import dataclass

from archive.search.query import model
from archive.search.query.model import Query
from archive.search.query.print import to_line


@dataclass(frozen=True, slots=True)
class Chip:
    """`label` is the part as a line, `without` the line of the query when this chip is removed."""

    part: Query
    label: str
    without: str


def chips(query: Query) -> list[Chip]:
    """A chip for everything that must hold together: none for the empty query, one for a query of one
    part.
    """
    parts = conjuncts(query)
    return [
        Chip(part, to_line(part), to_line(model.all_of(parts[:place] + parts[place + 1 :])))
        for place, part in enumerate(parts)
    ]


def conjuncts(query: Query) -> tuple[Query, ...]:
    """The parts that must all hold."""
    match query:
        case model.Everything():
            return ()
        case model.And(parts):
            return parts
    return (query,)
