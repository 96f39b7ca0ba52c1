"""Sinch: JSON; numbers have no plus.

Base64 of HMAC-SHA256 over body, nonce and time; older callbacks hex of HMAC-SHA1 over the body, without a time. Where
both are given the first alone decides. Source: sinch/sinch-sdk-node@affb35e.
"""

from collections.abc import Sequence
from typing import Any, Final

from archive.providers.addresses import canonical, with_plus
from archive.providers.codes import Status
from archive.providers.frame import Door, HookRequest
from archive.providers.moments import moment
from archive.providers.said import Event, Item, Unread, delivery, parser, part, several, text, word
from archive.providers.signing import RETRIED_FOR, is_recent, refusing, same, signed_base64, signed_hex

HEADER: Final = "x-sinch-webhook-signature"
OLD_HEADER: Final = "x-sinch-signature"
ALGORITHM: Final = "hmacsha256"
STATUSES: Final[dict[str, Status]] = {
    "queued": "queued",
    "dispatched": "sent",
    "unknown": "sent",
    "delivered": "delivered",
    "expired": "undelivered",
    "failed": "failed",
    "aborted": "failed",
    "cancelled": "failed",
    "rejected": "failed",
    "deleted": "failed",
}


@refusing
def verify(request: HookRequest, secret: str) -> bool:
    headers = request.headers
    if HEADER not in headers:
        return same(headers.get(OLD_HEADER, "").lower(), signed_hex(secret, request.body, "sha1"))
    nonce, time = headers.get(f"{HEADER}-nonce", ""), headers.get(f"{HEADER}-timestamp", "")
    message = request.body + f".{nonce}.{time}".encode("utf-8", "surrogateescape")
    holds = same(headers[HEADER].strip(), signed_base64(secret, message, "sha256"))
    known = headers.get(f"{HEADER}-algorithm", ALGORITHM).lower() == ALGORITHM
    return holds and known and is_recent(time, request.at, RETRIED_FOR)


def read(event: Event) -> Sequence[Item]:
    kind = event.get("type")
    if kind in ("mo_text", "mo_media"):
        return [_text(event)]
    if kind == "mo_binary":
        return [Unread("a binary message, which holds no text")]
    if kind in ("recipient_delivery_report_sms", "recipient_delivery_report_mms"):
        return [_delivery(event, event, event.get("recipient"))]
    if kind in ("delivery_report_sms", "delivery_report_mms"):
        return _summary(event)
    return [Unread(f"an event of the kind {word(kind)[:80] or 'unknown'}, which brings no text")]


def _text(event: Event) -> Item:
    body = event.get("body")
    return text(
        event,
        provider_id=event.get("id"),
        direction="inbound",
        sender=with_plus(event.get("from")),
        to=[with_plus(event["to"])] if "to" in event else [],
        words=(body.get("message") or "") if isinstance(body, dict) else body,
        sent_at=event.get("sent_at") or event.get("received_at"),
        media=several(part(body, "media")),
    )


def _summary(event: Event) -> Sequence[Item]:
    """A report on a batch. One that only counts says of no recipient what became of theirs."""
    groups = [group for group in several(event.get("statuses")) if isinstance(group, dict)]
    found = [_delivery(event, group, to) for group in groups for to in several(group.get("recipients"))]
    return found or [Unread("a delivery report that names no recipient")]


def _delivery(event: Event, status: Event, recipient: Any) -> Item:
    return delivery(
        "sinch",
        STATUSES,
        provider_id=event.get("batch_id"),
        recipient=canonical(with_plus(recipient)),
        said=status.get("status"),
        code=status.get("code"),
        at=moment(event.get("at")),
    )


DOOR: Final = Door("sinch", "Sinch", verify, parser(read))
