"""Webex: the envelope that all its webhooks share.

`X-Spark-Signature` is hex of HMAC-SHA1 over the raw body. What a business text looks like inside is documented nowhere:
likely names are tried, and what names no direction or no party stays whole in quarantine until somebody has seen one.
Source: webexpythonsdk 2.0.6, wxc_sdk 1.41.0.
"""

from collections.abc import Sequence
from typing import Any, Final

from archive.providers.frame import Door, HookRequest
from archive.providers.said import Event, Item, Unread, parser, several, text, word
from archive.providers.signing import refusing, same, signed_hex

HEADER: Final = "x-spark-signature"
RESOURCE: Final = "businesstexts"
DIRECTIONS: Final = {
    "inbound": "inbound",
    "incoming": "inbound",
    "received": "inbound",
    "outbound": "outbound",
    "outgoing": "outbound",
    "sent": "outbound",
}


@refusing
def verify(request: HookRequest, secret: str) -> bool:
    given = request.headers.get(HEADER, "").strip().lower()
    return same(given, signed_hex(secret, request.body, "sha1"))


def read(event: Event) -> Sequence[Item]:
    """A page of events, or one."""
    items = event.get("items")
    if isinstance(items, list):
        return [_read_one(one) if isinstance(one, dict) else Unread("an event that is no object") for one in items]
    return [_read_one(event)]


def _read_one(event: Event) -> Item:
    resource = word(event.get("resource"))
    if resource.lower() != RESOURCE:
        return Unread(f"an event about {resource[:80] or 'something else'}, which is no business text")
    what, data = word(event.get("type") or event.get("event")), event.get("data")
    if what != "created" or not isinstance(data, dict):
        return Unread(f"a note that a business text was {what[:80] or 'changed'}; the text itself stays as it came")
    return _text(event, data)


def _text(event: Event, data: Event) -> Item:
    return text(
        event,
        provider_id=data.get("id") or event.get("id"),
        direction=DIRECTIONS.get(word(data.get("direction")).lower()),
        sender=_first(data, "from", "fromNumber", "callingNumber"),
        to=several(_first(data, "to", "toNumbers", "toNumber", "calledNumber")),
        words=_first(data, "text", "body", "message"),
        sent_at=data.get("created") or event.get("created"),
    )


def _first(data: Event, *names: str) -> Any:
    return next((data[name] for name in names if data.get(name) is not None), None)


DOOR: Final = Door("webex", "Webex", verify, parser(read))
