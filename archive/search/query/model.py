"""A query as a tree. Frozen, and always in one normal form, so that two equal trees mean the same line.

Normal form: no group directly inside a group of its own kind, none of fewer than two parts, no part
twice, no double negation. `all_of`, `any_of` and `without` make it; the classes refuse anything else
with ValueError. Words keep their spelling as typed; `archive.search.query.terms` says which terms they
ask for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from archive.search.analysis import asked_terms
from archive.search.query import spelling

NEAR_BY_DEFAULT: Final = 10
NEAR_AT_MOST: Final = 100

PartyRole = Literal["from", "to", "with", "number"]
PartyKind = Literal["number", "short-code", "name"]
When = Literal["after", "before", "on"]
FactName = Literal[
    "direction", "campaign", "location", "flag", "has", "held", "delivery", "reason", "account", "provider"
]


def _require(holds: bool, why: str) -> None:
    if not holds:
        raise ValueError(why)


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty line."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed. It may ask for several terms (`example.com`, 明天见), and is then a phrase of them."""

    text: str

    def __post_init__(self) -> None:
        _require(" " not in self.text, "A word has no space in it.")
        _require_searchable(self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several words in this order and next to each other."""

    text: str

    def __post_init__(self) -> None:
        _require(" " in self.text, "A phrase of one word is a word.")
        _require_searchable(self.text)


@dataclass(frozen=True, slots=True)
class Prefix:
    """`refund*`: every word that begins so."""

    stem: str

    def __post_init__(self) -> None:
        _require(spelling.is_stem(self.stem), "This cannot be written before a star.")
        _require_searchable(self.stem)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """`colour~`: every word that differs by at most `distance` letters put in, left out, changed or
    swapped.
    """

    word: str
    distance: int = 1

    def __post_init__(self) -> None:
        _require(spelling.is_stem(self.word), "This cannot be written before a tilde.")
        _require(self.distance in (1, 2), "The distance is 1 or 2.")
        _require_searchable(self.word)
        _require(len(asked_terms(self.word)) == 1, "Only a single word can be searched with a tilde.")


Text = Word | Phrase | Prefix | Fuzzy


@dataclass(frozen=True, slots=True)
class Near:
    """Both in one text, in either order, at most `distance` positions from the end of one to the start
    of the other.

    Neighbours are 1 apart.
    """

    left: Text
    right: Text
    distance: int = NEAR_BY_DEFAULT

    def __post_init__(self) -> None:
        _require(1 <= self.distance <= NEAR_AT_MOST, f"NEAR takes 1 to {NEAR_AT_MOST}.")


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody at an end of the text: `from`, `to`, `with` (either, the other party), `number` (the own
    number).

    `value` is E.164 where `kind` is "number", the digits of a "short-code", and otherwise a "name" as typed.
    """

    role: PartyRole
    kind: PartyKind
    value: str


@dataclass(frozen=True, slots=True)
class Sent:
    """When: start inclusive, until exclusive, both aware UTC. `value` is how it was asked: a day,
    month, year, moment.
    """

    when: When
    value: str
    start: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A property of the record: `direction` is "in" or "out", `held` "yes" or "no", the others a word
    or a name.
    """

    name: FactName
    value: str


@dataclass(frozen=True, slots=True)
class Serial:
    """The serial numbers from `first` to `last`, both included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        _require(0 <= self.first <= self.last, "Serial numbers count upwards from 0.")


@dataclass(frozen=True, slots=True)
class Not:
    part: "Query"

    def __post_init__(self) -> None:
        _require(not isinstance(self.part, Not | Everything), "Use without().")


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Query", ...]

    def __post_init__(self) -> None:
        _require_group(self.parts, And)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Query", ...]

    def __post_init__(self) -> None:
        _require_group(self.parts, Or)


Leaf = Word | Phrase | Prefix | Fuzzy | Near | Party | Sent | Fact | Serial
Query = Everything | Leaf | Not | And | Or


def words(text: str) -> Word | Phrase:
    """A word or a phrase, whichever the text is."""
    text = spelling.collapsed(spelling.clean(text))
    return Phrase(text) if " " in text else Word(text)


def without(part: Query) -> Query:
    return part.part if isinstance(part, Not) else Not(part)


def all_of(parts: Iterable[Query]) -> Query:
    """The parts together; everything where there are none."""
    flat: dict[Query, None] = {}
    for part in parts:
        if not isinstance(part, Everything):
            flat |= dict.fromkeys(part.parts if isinstance(part, And) else (part,))
    match list(flat):
        case []:
            return Everything()
        case [only]:
            return only
        case several:
            return And(tuple(several))


def any_of(parts: Iterable[Query]) -> Query:
    """Any one of the parts, of which there must be at least one."""
    flat: dict[Query, None] = {}
    for part in parts:
        if isinstance(part, Everything):
            return part
        flat |= dict.fromkeys(part.parts if isinstance(part, Or) else (part,))
    several = tuple(flat)
    return several[0] if len(several) == 1 else Or(several)


def _require_searchable(text: str) -> None:
    _require(text == spelling.collapsed(spelling.clean(text)), "White space is single spaces.")
    _require(bool(asked_terms(text)), "There is no letter, digit or picture in it.")


def _require_group(parts: tuple[Query, ...], kind: type[And] | type[Or]) -> None:
    _require(len(parts) > 1 and len(set(parts)) == len(parts), "A group has two different parts or more.")
    _require(not any(isinstance(part, kind | Everything) for part in parts), "Use all_of() or any_of().")
