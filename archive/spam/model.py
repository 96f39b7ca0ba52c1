"""What a spam report is. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

WORDS_LENGTH: Final = 2_000
NOTE_LENGTH: Final = 2_000
EMAIL_LENGTH: Final = 254
REFERENCE_LENGTH: Final = 200
CARRIER_LENGTH: Final = 100


class Source(StrEnum):
    """By which door it came: the public page, a program, a carrier's complaint, somebody of ours who was told."""

    PUBLIC = "public"
    API = "api"
    CARRIER = "carrier"
    PERSON = "person"


class State(StrEnum):
    NEW = "new"
    INVESTIGATING = "investigating"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"

    @property
    def open(self) -> bool:
        return self in OPEN


OPEN: Final = frozenset({State.NEW, State.INVESTIGATING})


class FeeTier(StrEnum):
    """What a carrier charges for a proven complaint: see `fees`."""

    TIER_1 = "tier-1"
    TIER_2 = "tier-2"
    TIER_3 = "tier-3"


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed of a report, all of it as it was given: who reports, how to reach them, what they were sent."""

    reporter: str = ""
    email: str = ""
    words: str = ""
    reference: str = ""
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """When the text came, as far as the reporter can tell: some moment from `since` on and before `until`."""

    since: datetime
    until: datetime

    @property
    def middle(self) -> datetime:
        return self.since + (self.until - self.since) / 2

    def widened(self, by: timedelta) -> "Claim":
        return Claim(self.since - by, self.until + by)


@dataclass(frozen=True, slots=True)
class NewReport:
    """`own_number` is empty for a complaint about a whole `campaign`. `received_at`: where it waited before.
    `origin_entry`: the event of the registry that it comes from.
    """

    source: Source
    own_number: str
    said: Said = field(default_factory=Said)
    claim: Claim | None = None
    campaign: str | None = None
    fee_tier: FeeTier | None = None
    received_at: datetime | None = None
    origin_entry: int | None = None
