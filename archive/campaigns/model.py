"""A brand and a campaign, as they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from archive.campaigns.active import Verdict
from archive.campaigns.caps import Caps
from archive.campaigns.fields import Value
from archive.campaigns.levels import Level, Levels

is_brand_id: Final = re.compile(r"B[A-Z0-9]{6}").fullmatch
is_campaign_id: Final = re.compile(r"C[A-Z0-9]{6}").fullmatch
MESSAGE_CLASSES: Final = tuple("ABCDEFTGPSKXZNY")
NAME_LENGTH: Final = 100


class Identity(StrEnum):
    """How far the registry has verified who a brand is."""

    NONE = "NONE"
    SELF_DECLARED = "SELF_DECLARED"
    UNVERIFIED = "UNVERIFIED"
    VERIFIED = "VERIFIED"
    VETTED_VERIFIED = "VETTED_VERIFIED"


@dataclass(frozen=True, slots=True)
class Brand:
    """`gaps`: field → why the registry would not take it as it is. `campaigns`: how many there are of it."""

    id: str
    fields: Mapping[str, Value]
    registry_id: str | None
    identity: Identity
    score: int | None
    added_at: datetime
    changed_at: datetime
    gaps: Mapping[str, str]
    campaigns: int

    @property
    def name(self) -> str:
        return str(self.fields.get("displayName") or self.fields.get("companyName") or self.id)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that moved a campaign or tried to. `event` is the registry's word; by hand it is empty."""

    at: datetime
    entry: int
    by: str
    event: str
    level: Level | None
    carrier: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """`since`: (level, carrier) → when it came to where it is. `locked`: the registry has it, so most of it can't be
    changed any more. `numbers`: how many are on it. `names`: (provider, what it calls it)."""

    id: str
    name: str
    brand_id: str
    brand_name: str
    fields: Mapping[str, Value]
    registry_id: str | None
    reference: str
    message_class: str | None
    levels: Levels
    since: Mapping[tuple[Level, str], datetime]
    verdict: Verdict
    caps: Caps
    gaps: Mapping[str, str]
    locked: bool
    numbers: int
    names: tuple[tuple[str, str], ...]
    added_at: datetime
    changed_at: datetime

    @property
    def usecase(self) -> str:
        return str(self.fields.get("usecase", ""))
