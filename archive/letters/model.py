"""What a Letter of Authorization is, who signed it, and what is kept to show that. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec

MOST_NUMBERS = 200
"""In one letter; what the provider that takes the fewest takes in one order."""


class Form(StrEnum):
    """How it was signed: at our own page, or on paper that was uploaded."""

    ELECTRONIC = "electronic"
    PAPER = "paper"


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the service is. `state`: two letters of a state or province; `country`: US or CA."""

    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""

    def __str__(self) -> str:
        region = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (self.street, self.city, region, self.country) if part)


class Subscriber(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whose numbers they are. `carrier`: who provides their voice service."""

    legal_name: str
    trading_name: str = ""
    address: Address = Address()
    carrier: str = ""


class Signer(msgspec.Struct, frozen=True, omit_defaults=True):
    first_name: str
    last_name: str
    title: str
    email: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Signature(msgspec.Struct, frozen=True, omit_defaults=True):
    """`typed`: the name as typed. `drawn`: strokes as an SVG path in a box of `drawing.WIDTH` by `drawing.HEIGHT`."""

    typed: str = ""
    drawn: str = ""


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a signature or an upload came from: the account, how and when it signed in, its address and browser."""

    account: str
    account_email: str = ""
    method: str = ""
    signed_in_at: datetime | None = None
    address: str = ""
    agent: str = ""


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """All of a letter that may name a person: sealed as one, under a key of the letter's own.

    `text`, `authority` and `consent` are the exact words, empty for a letter on paper; `numbers` is what they name.
    """

    provider: str
    subscriber: Subscriber
    signer: Signer
    numbers: tuple[str, ...]
    origin: Origin
    text: str = ""
    authority: str = ""
    consent: str = ""
    signature: Signature = Signature()
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a letter is to say before it is signed. `numbers`: E.164, without any twice, in order."""

    provider: str
    subscriber: Subscriber
    signer: Signer
    numbers: tuple[str, ...]


class LetterState(StrEnum):
    """`fresh`: providers still take it. `in force`: none takes it any more, but what it authorised stays authorised."""

    FRESH = "fresh"
    IN_FORCE = "in-force"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    DESTROYED = "destroyed"

    @property
    def counts(self) -> bool:
        """Whether the authorisation of numbers may rest on it."""
        return self in (LetterState.FRESH, LetterState.IN_FORCE)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a letter ended: `revoked` with a reason, `superseded` by a letter, or `destroyed`."""

    how: LetterState
    entry: int
    at: datetime
    by: str
    reason: str = ""
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """`wording`: version of the words, None on paper. `last_day`: the last on which it counts, None without an end.

    `numbers` and `evidence` are empty once it is destroyed.
    """

    id: str
    form: Form
    wording: int | None
    text_sha256: str | None
    pdf_sha256: str
    signed_at: datetime
    last_day: date | None
    supersedes: str | None
    entry: int
    numbers: tuple[str, ...]
    endings: tuple[Ending, ...]
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Due:
    """What somebody has to see to. `ending`: (letter, its last day, numbers that rest on it), the next one first.

    `fresh`: how many letters providers still take, `fresh_until` the day on which the first of them is too old.
    """

    ending: tuple[tuple[str, date, int], ...]
    needing: int
    fresh: int
    fresh_until: date | None
