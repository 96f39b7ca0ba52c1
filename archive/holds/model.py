"""What a hold covers, and what it is called. Pure."""

from dataclasses import dataclass
from datetime import datetime

import msgspec


class Predicate(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a text has to be for a hold to cover it: all that is given here together.

    `query`: a canonical line of the search language. `conversation`: a conversation's keyed number. `serials`: these.
    """

    query: str = ""
    conversation: int | None = None
    serials: tuple[int, ...] = ()


class MatterWords(msgspec.Struct, frozen=True):
    """The half of a matter that may name a person, so it is sealed."""

    name: str
    reference: str = ""


class HoldWords(msgspec.Struct, frozen=True):
    """The half of a hold that may name a person, so it is sealed."""

    predicate: Predicate
    reason: str


@dataclass(frozen=True, slots=True)
class Matter:
    id: str
    name: str
    reference: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """`entry`: the ledger entry that placed it. `standing`: it catches what comes in later, too.

    `texts`: how many are under it now. `asked_…`: its release, which waits for a second person.
    """

    id: str
    matter: Matter
    predicate: Predicate
    reason: str
    standing: bool
    entry: int
    placed_at: datetime
    placed_by: str
    asked_at: datetime | None
    asked_by: str | None
    released_at: datetime | None
    texts: int

    @property
    def is_active(self) -> bool:
        return self.released_at is None
