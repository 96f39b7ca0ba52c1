"""What each word of a query asks of an index: terms, and where they stand to each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archive.search.analysis import Token, asked_terms
from archive.search.query import model
from archive.search.query.model import Query, Text


@dataclass(frozen=True, slots=True)
class Sought:
    """Terms that a text holds at one base position plus each one's own.

    All terms are exact but the last, which may be the beginning of a term (`prefix`) or close to one
    (`fuzzy`, see `archive.search.query.distance`). A single exact term is a plain look-up; its position
    does not matter.
    """

    terms: tuple[Token, ...]
    last: Literal["exact", "prefix", "fuzzy"] = "exact"
    distance: int = 0

    @property
    def is_single(self) -> bool:
        return len(self.terms) == 1


def sought(text: Text) -> Sought:
    """What a word, a phrase, a prefix or a fuzzy word asks for; it always asks for at least one term."""
    match text:
        case model.Prefix(stem):
            return Sought(asked_terms(stem), "prefix")
        case model.Fuzzy(word, distance):
            return Sought(asked_terms(word), "fuzzy", distance)
        case model.Word(words) | model.Phrase(words):
            return Sought(asked_terms(words))


def positive_texts(query: Query) -> Iterator[Text | model.Near]:
    """The words that a hit may be marked for: everything but what stands under a NOT."""
    match query:
        case model.Word() | model.Phrase() | model.Prefix() | model.Fuzzy() | model.Near():
            yield query
        case model.And(parts) | model.Or(parts):
            for part in parts:
                yield from positive_texts(part)
