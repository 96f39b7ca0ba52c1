"""What comes to the door: bytes, what they were read as, and what is wrong with them."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from archive.messages.model import Direction

LONGEST_NAME = 200
MOST_RECIPIENTS = 500

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
Moment = Annotated[datetime, Meta(tz=True)]


class WireText(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One text as its sender put it, checked for shape and not changed. Times are read, never invented.

    Nearly every item is one as it stands: known fields, named as in the API, with good values.
    """

    provider: Name
    provider_id: Name
    direction: Direction
    sender: Name = msgspec.field(name="from")
    recipients: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=MOST_RECIPIENTS)] = msgspec.field(name="to")
    text: str
    account: Name | None = None
    sent_at: Moment | None = None
    media: tuple[Any, ...] | None = None
    campaign: Name | None = None
    status: Name | None = None

    @property
    def sent_at_as_received(self) -> str | None:
        return None

    @property
    def extra(self) -> dict[str, Any] | None:
        return None


class OddText(WireText, frozen=True, gc=False):
    """One that says more than we know of, in `extra`, or names a time that can't be read."""

    sent_at_as_received: str | None = None
    extra: dict[str, Any] | None = None


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """One item at the door: its bytes, and either what they say or why they can't be read. `flags`: what is known of it
    that it does not say itself."""

    raw: bytes
    wire: WireText | None
    problem: str | None
    received_at: datetime
    source: str
    anchor_on_sent: bool = False
    flags: tuple[str, ...] = ()
