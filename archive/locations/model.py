"""What a location is, and what may be said of one."""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from typing import Any

from archive.core import phone
from archive.core.details import BadDetail

LONGEST = 200
LETTERS = 2


class Pstn(StrEnum):
    """Whose way into the public telephone network it is: the provider's own, a gateway of the house, or another's."""

    PROVIDER = "provider"
    LOCAL_GATEWAY = "local_gateway"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Location:
    """What is not known is empty, or None. `region`: state or province. `country`: its two letters (ISO 3166)."""

    name: str
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    pstn: Pstn | None = None
    main_number: str = ""


def checked(location: Location) -> Location:
    """In the spelling in which it is kept. Raises `BadDetail`."""
    lines: dict[str, Any] = {name: _line(name, getattr(location, name)) for name in texts()}
    if not lines["name"]:
        raise BadDetail("name", "A location has a name.", "Give it one that the people there use.")
    lines["country"] = _country(lines["country"])
    lines["main_number"] = _number(lines["main_number"])
    return replace(location, **lines)


def key_of(name: str) -> str:
    """By this a location is found: names are the same in any case."""
    return name.strip().casefold()


@cache
def texts() -> tuple[str, ...]:
    """The fields of a location that are texts."""
    return tuple(field.name for field in fields(Location) if field.name != "pstn")


def _line(field: str, text: str) -> str:
    if len(text) > LONGEST:
        raise BadDetail(field, f"What is said of a location has up to {LONGEST} characters each.", "Shorten it.")
    if any(character < " " for character in text):
        raise BadDetail(
            field, "What is said of a location is one line each.", "Leave out line breaks and control characters."
        )
    return text.strip()


def _country(text: str) -> str:
    letters = text.upper()
    if letters and not (len(letters) == LETTERS and letters.isascii() and letters.isalpha()):
        raise BadDetail("country", f"{text!r} is no country.", "Write its two letters, like US or CA.")
    return letters


def _number(text: str) -> str:
    party = phone.parse(text)
    if text and party.kind != "number":
        raise BadDetail("main_number", f"{text!r} is not a telephone number.", "Type it like +1 (415) 555-0188.")
    return party.address if text else ""
