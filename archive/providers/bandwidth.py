"""Bandwidth: arrays of JSON events, and no signature but HTTP Basic: the secret is `user:password`.

What is sent comes without its words: "content will not be sent in callback". Source: Bandwidth/api-docs@2fcdf57.
"""

from collections.abc import Sequence
from typing import Final

from archive.providers.addresses import canonical
from archive.providers.codes import Status
from archive.providers.frame import Door, HookRequest
from archive.providers.moments import moment
from archive.providers.said import Event, Item, Unread, delivery, parser, several, text, word
from archive.providers.signing import from_base64, refusing, same

STATUSES: Final[dict[str, Status]] = {
    "message-sending": "queued",
    "message-sent": "sent",
    "message-delivered": "delivered",
    "message-read": "delivered",
    "message-failed": "failed",
}
DIRECTIONS: Final = {"in": "inbound", "out": "outbound"}


@refusing
def verify(request: HookRequest, secret: str) -> bool:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    given = from_base64(credentials).decode("utf-8", "surrogateescape")
    return same(given, secret) and scheme.lower() == "basic"


def read(event: Event) -> Sequence[Item]:
    kind, message = word(event.get("type")), event.get("message")
    if not isinstance(message, dict) or (kind not in STATUSES and kind != "message-received"):
        return [Unread(f"an event of the kind {kind[:80] or 'unknown'}, which brings no text")]
    if kind == "message-received":
        return [_text(event, message)]
    words = [_text(event, message)] if message.get("text") else []
    return [*words, _delivery(event, message)]


def _text(event: Event, message: Event) -> Item:
    return text(
        event,
        provider_id=message.get("id"),
        direction=DIRECTIONS.get(word(message.get("direction"))),
        sender=message.get("from"),
        to=several(message.get("to")),
        words=message.get("text"),
        sent_at=message.get("time"),
        media=several(message.get("media")),
    )


def _delivery(event: Event, message: Event) -> Item:
    return delivery(
        "bandwidth",
        STATUSES,
        provider_id=message.get("id"),
        recipient=canonical(event.get("to")),
        said=event["type"],
        code=event.get("errorCode"),
        title=event.get("description"),
        at=moment(event.get("time")),
        among=[canonical(to) for to in several(message.get("to"))],
    )


def fault(secret: str) -> str | None:
    user, colon, password = secret.partition(":")
    return None if user and colon and password else "Bandwidth's secret is user and password with a colon between them."


DOOR: Final = Door("bandwidth", "Bandwidth", verify, parser(read), fault=fault)
