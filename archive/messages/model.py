"""What one text is: as it arrives, as it is committed, as it is read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

Direction = Literal["inbound", "outbound"]


class InboundText(msgspec.Struct, frozen=True, gc=False):
    """One text, parsed and assessed, on its way in. Addresses are canonical (E.164 where it is a number).

    A struct outside the garbage collector's sight, like all that is made once a text: thousands wait in a batch.
    """

    provider: str
    account: str | None
    provider_id: str
    direction: Direction
    sender: str
    recipients: tuple[str, ...]
    text: str
    own_number: str
    received_at: datetime
    sent_at: datetime | None = None
    media: tuple[Any, ...] = ()
    campaign: str | None = None
    status: str | None = None
    as_received: dict[str, Any] | None = None
    extra: dict[str, Any] | None = None
    flags: tuple[str, ...] = ()
    anchor_at: datetime | None = None

    @property
    def others(self) -> tuple[str, ...]:
        """The other parties, in order, each once: everybody but the organisation's own number."""
        return other_parties(self.sender, self.recipients, self.own_number)


class ClearRecord(msgspec.Struct, frozen=True, gc=False):
    """What the database holds readable about a text, in the order of canonical JSON. Committed to with the content."""

    account: str | None
    actor: str
    campaign: str | None
    conversation: int
    direction: str
    expires_at: datetime
    flags: str
    own_number: str
    policy: int
    provider: str
    provider_id: str
    received_at: datetime
    sent_at: datetime | None
    seq: int
    stored_at: datetime


class Content(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What is sealed, in the order of canonical JSON. `as_received` keeps what was normalised, `extra` the unknown."""

    as_received: dict[str, Any] | None = None
    encoding: str = ""
    extra: dict[str, Any] | None = None
    sender: str = msgspec.field(name="from", default="")
    media: tuple[Any, ...] = ()
    segments: int = 0
    status: str | None = None
    text: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A text as it is read back: opened, and found to be what was committed to."""

    serial: int
    clear: ClearRecord
    content: Content
    commitment: bytes

    @property
    def at(self) -> datetime:
        """The moment by which texts are ordered: the provider's claim, or our own where it made none."""
        return self.clear.sent_at or self.clear.received_at

    @property
    def flags(self) -> tuple[str, ...]:
        return tuple(self.clear.flags.split())

    @property
    def others(self) -> tuple[str, ...]:
        return other_parties(self.content.sender, self.content.to, self.clear.own_number)


def other_parties(sender: str, recipients: tuple[str, ...], own_number: str) -> tuple[str, ...]:
    """Each once, in order; somebody who texts themselves is their own other party."""
    if len(recipients) == 1:
        return recipients if sender == own_number else (sender,)
    everybody = (sender, *recipients)
    return tuple(dict.fromkeys(party for party in everybody if party != own_number)) or (sender,)


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What became of one text at the door. `noted` are only items that were retried and say something beside texts."""

    status: Literal["stored", "duplicate", "conflict", "quarantined", "noted"]
    serial: int | None = None
    flags: tuple[str, ...] = ()
    reason: str | None = None
