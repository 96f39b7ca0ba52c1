"""What the demo consists of. Nobody and nothing here is real; numbers are from the ranges kept for
fiction."""

from dataclasses import dataclass
from typing import Literal

Message = dict[str, object]
"""As POST /api/v1/messages takes it."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    role: Literal["compliance", "administrator", "auditor"]


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """`campaign` is None for a number that was never registered."""

    number: str
    location: str
    holder: str
    state: Literal["authorised", "unauthorised"]
    provider: Literal["twilio", "bandwidth", "telnyx"]
    account: str
    campaign: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody outside who texts with the organisation, in the language given as ISO 639-1."""

    name: str
    number: str
    language: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """`texts` are in the order in which they were sent; `broken` are requests that end in quarantine."""

    name: str
    country: Literal["US", "CA"]
    people: tuple[Person, ...]
    numbers: tuple[OwnNumber, ...]
    texts: tuple[Message, ...]
    broken: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    organisations: tuple[Organisation, ...]
