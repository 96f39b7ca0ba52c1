"""What comes to the door: bytes, what they were read as, and what is wrong with them."""

from datetime import datetime
from typing import Any

import msgspec

from archive.messages.model import Direction


class WireText(msgspec.Struct, frozen=True, gc=False):
    """One text as its sender put it, checked for shape and not changed. Times are read, never invented."""

    provider: str
    provider_id: str
    direction: Direction
    sender: str
    recipients: tuple[str, ...]
    text: str
    account: str | None = None
    sent_at: datetime | None = None
    sent_at_as_received: str | None = None
    media: tuple[Any, ...] = ()
    campaign: str | None = None
    status: str | None = None
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
