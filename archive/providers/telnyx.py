"""Telnyx: JSON that brings the words of what is sent as well, in the reports on it.

Ed25519 over the time and the raw body; the "secret" is the account's public key in base64. Source: telnyx 4.189.0,
team-telnyx/telnyx-php@7a7cd94.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.providers.addresses import canonical
from archive.providers.codes import Status
from archive.providers.frame import Door, HookRequest
from archive.providers.moments import moment
from archive.providers.registrations import OF_TELNYX, of_telnyx
from archive.providers.said import Event, Item, Unread, delivery, parser, part, several, text, word
from archive.providers.signing import ed25519_holds, from_base64, is_recent, refusing

HEADER: Final = "telnyx-signature-ed25519"
TIME: Final = "telnyx-timestamp"
TOLERANCE: Final = timedelta(seconds=300)
STATUSES: Final[dict[str, Status]] = {
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivery_unconfirmed": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "expired": "undelivered",
    "delivery_failed": "undelivered",
    "sending_failed": "failed",
}
NOT_ARRIVED: Final = ("undelivered", "failed")


@refusing
def verify(request: HookRequest, secret: str) -> bool:
    time = request.headers.get(TIME, "").strip()
    signature = from_base64(request.headers.get(HEADER, ""))
    signed = f"{time}|".encode("utf-8", "surrogateescape") + request.body
    return ed25519_holds(from_base64(secret), signed, signature) and is_recent(time, request.at, TOLERANCE)


def read(event: Event) -> Sequence[Item]:
    kind, payload = word(part(event, "data", "event_type")), part(event, "data", "payload")
    if kind in OF_TELNYX:
        return [of_telnyx(event["data"])]
    if not kind.startswith("message.") or not isinstance(payload, dict):
        return [Unread(f"an event of the kind {kind[:80] or 'unknown'}, which brings no text")]
    return read_message(
        event, payload, moment(payload.get("completed_at")) or moment(part(event, "data", "occurred_at"))
    )


def read_message(event: Event, payload: Event, at: Any) -> Sequence[Item]:
    """A message as webhooks and the list of messages have it alike. `event`: what is kept of it; `at`: when it stood
    so.
    """
    if payload.get("direction") != "outbound":
        return [_text(event, payload)]
    reports = [_delivery(payload, to, at) for to in _recipients(payload) if isinstance(to, dict)]
    return [_text(event, payload), *reports]


def _recipients(payload: Event) -> list[Any]:
    return several(payload.get("to")) + several(payload.get("cc"))


def _text(event: Event, payload: Event) -> Item:
    """Its time is the one at which Telnyx took it: that of sending is not yet there in the first report on a text."""
    return text(
        event,
        provider_id=payload.get("id"),
        direction=payload.get("direction"),
        sender=part(payload, "from", "phone_number"),
        to=[part(to, "phone_number") for to in _recipients(payload)],
        words=payload.get("text"),
        sent_at=payload.get("received_at"),
        media=several(payload.get("media")),
        campaign=payload.get("tcr_campaign_id") or None,
    )


def _delivery(payload: Event, to: Event, at: Any) -> Item:
    """Errors are those of the whole message, so they are told of whom it did not reach."""
    missed = STATUSES.get(word(to.get("status")).lower()) in NOT_ARRIVED
    error = part(payload, "errors", 0) if missed else None
    return delivery(
        "telnyx",
        STATUSES,
        provider_id=payload.get("id"),
        recipient=canonical(to.get("phone_number")),
        said=to.get("status"),
        code=part(error, "code"),
        title=part(error, "title"),
        at=at,
        among=[canonical(part(one, "phone_number")) for one in _recipients(payload)],
    )


def fault(secret: str) -> str | None:
    try:
        Ed25519PublicKey.from_public_bytes(from_base64(secret))
    except ValueError:
        return "Telnyx's public key has 44 characters, the last of them an equals sign."
    return None


DOOR: Final = Door("telnyx", "Telnyx", verify, parser(read), fault=fault)
