"""What providers say they carried on a day, and when a day can be judged. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from archive.core import phone
from archive.core.clock import DAY, day_of
from archive.core.errors import BadInput
from archive.messages.model import Direction
from archive.retention.period import FLOOR_DAYS

LATE: Final = timedelta(hours=6)
"""So long after its end a day is waited for: providers try again, and follow with what they held back."""

MOST: Final = 1_000_000_000
"""Texts of a day that anybody can have carried."""

DIRECTIONS: Final[tuple[Direction, ...]] = ("inbound", "outbound")


@dataclass(frozen=True, slots=True)
class Count:
    """So many texts a provider carried in one direction on one UTC day.

    `number`: one of ours, in any usual spelling; None where the provider knows the whole account only.
    """

    number: str | None
    day: date
    direction: Direction
    count: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What is counted on its own. `number` and `account` are empty where it is about all of them."""

    day: date
    provider: str
    account: str
    number: str
    direction: str


def cell_of(provider: str, account: str, said: Count) -> Cell:
    """Raises `BadInput` for what can't be a count."""
    if not 0 <= said.count <= MOST:
        raise BadInput(f"{said.count} is no number of texts.", f"Say how many there were, 0 to {MOST:,}.")
    if said.direction not in DIRECTIONS:
        raise BadInput(f"{said.direction!r} is no direction.", "It is inbound or outbound, as seen from us.")
    return Cell(said.day, provider, account, _own(said.number) if said.number else "", said.direction)


def _own(number: str) -> str:
    party = phone.parse(number)
    if party.kind not in ("number", "short-code"):
        raise BadInput(f"{number!r} is no number.", "Write it with its country code, like +1 212 555 0123.")
    return party.address


def first_watched(now: datetime) -> date:
    """No text of this day or a later one can have been destroyed lawfully: every policy is longer, and the database
    itself refuses a shorter time. Of days before it nobody can say any more what is missing."""
    return day_of(now) - DAY * (FLOOR_DAYS - 1)


def last_closed(now: datetime) -> date:
    """The last day of which all that is to come should have come."""
    return day_of(now - LATE) - DAY


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def end_of(day: date) -> datetime:
    return start_of(day) + DAY
