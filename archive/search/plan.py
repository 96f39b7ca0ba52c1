"""What an engine is asked: a query with everything resolved that only the database knows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from archive.search.query.terms import Sought

Field = Literal[
    "own", "from", "to", "with", "direction", "campaign", "provider", "account", "flag", "has"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Everything:
    pass


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


@dataclass(frozen=True, slots=True)
class Words:
    """Terms in the text, next to each other where there are several."""

    sought: Sought


@dataclass(frozen=True, slots=True)
class Near:
    """Both within `distance` positions, from the end of one to the start of the other."""

    left: Sought
    right: Sought
    distance: int


@dataclass(frozen=True, slots=True)
class Exact:
    """A field has one of the values. Values are folded by `exact_value`."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moments:
    """Microseconds since 1970: from `start`, inclusive, to `until`, exclusive; None is without end."""

    start: int | None
    until: int | None


@dataclass(frozen=True, slots=True)
class Serials:
    """From `first` to `last`, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Among:
    """These texts and no others, by their serials, ascending: what only the database knows, such as which are held."""

    serials: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Plan"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Plan", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Plan", ...]


Plan = Everything | Nothing | Words | Near | Exact | Moments | Serials | Among | Not | And | Or


def dates_apart(wanted: Plan) -> tuple[Moments, Plan]:
    """Between which moments every hit has to lie, and what else it has to be.

    Dates rule out most of an index before anything in it is looked up.
    """
    parts = wanted.parts if isinstance(wanted, And) else (wanted,)
    dates = [part for part in parts if isinstance(part, Moments)]
    others = tuple(part for part in parts if not isinstance(part, Moments))
    start = max((each.start for each in dates if each.start is not None), default=None)
    until = min((each.until for each in dates if each.until is not None), default=None)
    rest = And(others) if len(others) > 1 else others[0] if others else Everything()
    return Moments(start, until), rest


def exact_value(value: str) -> str:
    """How values of exact fields are compared: without regard to case. Lone surrogates, which no index can hold, go."""
    return value.casefold().encode("utf-8", "replace").decode()
