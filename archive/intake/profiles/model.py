"""A profile, and those that come with the archive."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.core.errors import BadInput
from archive.intake.files.csv_mapping import faults
from archive.intake.files.model import Mapping

NAME_LENGTH: Final = 60
MOST: Final = 100

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Profile:
    """`id` and the times are None of one that comes with the archive, which nobody changes."""

    name: str
    mapping: Mapping
    id: str | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def built_in(self) -> bool:
        return self.id is None


BUILT_IN: Final[Sequence[Profile]] = (
    Profile(
        "twilio",
        Mapping(
            columns={
                "from": "From",
                "to": "To",
                "text": "Body",
                "status": "Status",
                "sent_at": "SentDate",
                "account": "AccountSid",
                "provider_id": "Sid",
                "direction": "Direction",
            },
            constants={"provider": "twilio"},
        ),
    ),
)
"""The message log that Twilio's console exports: From, To, Body, Status, SentDate, ApiVersion, NumSegments, ErrorCode,
AccountSid, Sid, Direction, Price, PriceUnit. What has no field is kept under its own name."""


def checked_name(name: str) -> str:
    """The name without white space around it. Raises `BadInput`."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH or _CONTROL.search(name):
        raise BadInput(f"A profile's name is one line of 1 to {NAME_LENGTH} characters.", "Name what it is for.")
    if any(name.casefold() == profile.name for profile in BUILT_IN):
        raise BadInput(f"The profile “{name}” comes with the archive.", "Choose another name.")
    return name


def checked_mapping(mapping: Mapping) -> Mapping:
    """Raises `BadInput` with all that is wrong with it."""
    if found := list(faults(mapping)):
        raise BadInput("The columns can't be read in this way.", " ".join(found))
    return mapping
