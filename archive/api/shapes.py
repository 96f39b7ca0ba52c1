"""What a text looks like to programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from archive.deliveries.model import Report, outcomes
from archive.messages.model import Direction, Message, Outcome
from archive.numbers.history import Stretch
from archive.numbers.model import NumberState

Mark = tuple[int, int]


class HitBody(msgspec.Struct, kw_only=True):
    """One archived text. `marks`: what of `text` a search found, as [start, end) in code points. `delivery`: what has
    become of it by what was last said, each word once where recipients differ; empty where nobody has said anything.

    `from` and `to` are as they were understood (E.164 where it is a number). `sent_at` is the provider's claim and null
    where it made none. A half surrogate pair in `text` is written as the JSON escape that it came as.
    """

    serial: int
    direction: Direction
    sender: str = msgspec.field(name="from")
    to: tuple[str, ...]
    text: str
    marks: list[Mark]
    sent_at: datetime | None
    received_at: datetime
    stored_at: datetime
    own_number: str
    provider: str
    account: str | None
    provider_id: str
    campaign: str | None
    status: str | None
    flags: tuple[str, ...]
    expires_at: datetime
    policy: int
    media: tuple[Any, ...]
    encoding: str
    segments: int
    delivery: tuple[str, ...]


class DeliveryBody(msgspec.Struct):
    """What a provider said became of a text on its way to one of its recipients.

    `status` is ours: queued, sent, delivered, undelivered (it went out and did not arrive), blocked (somebody refused
    to carry it), failed (it never went out). `said`, `code` and `title` are the provider's, `category` is what its code
    means. `at` is the provider's moment and null where it named none.
    """

    recipient: str
    status: str
    said: str
    code: str | None
    category: str | None
    title: str | None
    at: datetime | None
    noted_at: datetime


class NumberThenBody(msgspec.Struct):
    """What our number was as of the text's time. `entry` of the ledger began that; `letter`: what its authorisation
    rested on; `campaign`: the one that it was on, active where `state` is registered."""

    state: NumberState
    location: str
    label: str
    user_id: str | None
    letter: str | None
    campaign: str | None
    since: datetime
    entry: int


class MessageBody(HitBody, kw_only=True):
    """A text with what else came with it, and the commitment that the ledger holds (SHA-256, hexadecimal).

    `number_then` is null if our number had not been entered by then. `deliveries`: in the order in which they came,
    which need not be that in which they happened.
    """

    number_then: NumberThenBody | None
    as_received: dict[str, Any] | None
    extra: dict[str, Any] | None
    commitment: str
    deliveries: list[DeliveryBody]


class NewMessage(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One text to archive. Anything else in the object is kept as received."""

    provider: str
    provider_id: str
    direction: Direction
    sender: str = msgspec.field(name="from")
    to: list[str]
    text: str
    account: str | None = None
    sent_at: datetime | None = None
    media: list[Any] | None = None
    campaign: str | None = None
    status: str | None = None


class NewMessages(msgspec.Struct):
    messages: list[NewMessage]


class LedgerBody(msgspec.Struct):
    size: int


class ReceivedBody(msgspec.Struct):
    """An outcome for each text, in the order in which they were sent."""

    outcomes: list[Outcome]
    ledger: LedgerBody


class ProofBody(msgspec.Struct):
    """The document, its salt and leaf, the path from it to the root, and the signed checkpoint with that root."""

    format: str
    public_key: str
    salt: str
    document: str
    leaf: str
    path: list[str]
    checkpoint: str


def hit_body(message: Message, marks: Sequence[Mark], delivery: tuple[str, ...]) -> HitBody:
    return HitBody(**_shared(message, marks), delivery=delivery)


def message_body(message: Message, reports: Sequence[Report], then: Stretch | None) -> MessageBody:
    return MessageBody(
        number_then=msgspec.convert(then, NumberThenBody, from_attributes=True) if then else None,
        **_shared(message, ()),
        delivery=tuple(dict.fromkeys(report.status for _, report in sorted(outcomes(reports).items()))),
        as_received=message.content.as_received,
        extra=message.content.extra,
        commitment=message.commitment.hex(),
        deliveries=[_delivery(message, report) for report in reports],
    )


def _delivery(message: Message, report: Report) -> DeliveryBody:
    return DeliveryBody(
        recipient=message.content.to[report.to],
        status=report.status,
        said=report.said,
        code=report.code,
        category=report.category,
        title=report.title,
        at=report.at,
        noted_at=report.noted_at,
    )


def _shared(message: Message, marks: Sequence[Mark]) -> dict[str, Any]:
    clear, content = message.clear, message.content
    return {
        "serial": message.serial,
        "direction": clear.direction,
        "sender": content.sender,
        "to": content.to,
        "text": content.text,
        "marks": list(marks),
        "sent_at": clear.sent_at,
        "received_at": clear.received_at,
        "stored_at": clear.stored_at,
        "own_number": clear.own_number,
        "provider": clear.provider,
        "account": clear.account,
        "provider_id": clear.provider_id,
        "campaign": clear.campaign,
        "status": content.status,
        "flags": message.flags,
        "expires_at": clear.expires_at,
        "policy": clear.policy,
        "media": content.media,
        "encoding": content.encoding,
        "segments": content.segments,
    }
