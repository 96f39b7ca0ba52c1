"""Vonage: the SMS API (a form, a query or JSON) and the Messages API (JSON); numbers have no plus.

The first signs with `sig`: hex of an HMAC over all other parameters by name, with a hash that the account chooses. The
second brings a JWT in `Authorization`, signed with the same secret, that holds the SHA-256 of the body. Both name their
time. Source: Vonage/vonage-python-sdk@b308cb1, Nexmo/api-specification@ad04200.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from archive.core.clock import EPOCH
from archive.providers.addresses import canonical, with_plus
from archive.providers.bodies import events_in
from archive.providers.codes import Status
from archive.providers.frame import Door, HookRequest
from archive.providers.moments import in_utc, moment
from archive.providers.said import Event, Item, Part, Unread, delivery, parser, part, several, text, word
from archive.providers.signing import RETRIED_FOR, is_recent, refusing, same, signed_hex

HASHES: Final = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
"""Digits of a signature → with which hash it was made."""

CLOCK_TOLERANCE: Final = 300
"""Seconds by which their clock may be ahead of ours."""

STATUSES: Final[dict[str, Status]] = {
    "buffered": "queued",
    "accepted": "sent",
    "submitted": "sent",
    "unknown": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "expired": "undelivered",
    "undeliverable": "undelivered",
    "failed": "failed",
    "rejected": "failed",
}
MOST_PIECES: Final = 255
"""One byte counts them."""
_REPLACED: Final = str.maketrans("&=", "__")
_KNOWN_MEDIA: Final = ("image", "video", "audio", "file", "vcard")


@refusing
def verify(request: HookRequest, secret: str) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _token_holds(request, token.strip(), secret)
    return _sig_holds(request, secret)


def _token_holds(request: HookRequest, token: str, secret: str) -> bool:
    try:
        claims = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"]).claims
        now = int((request.at - EPOCH).total_seconds())
        jwt.JWTClaimsRegistry(now=now, leeway=CLOCK_TOLERANCE, iat={"essential": True}).validate(claims)
    except (JoseError, TypeError):
        return False
    return is_recent(str(claims["iat"]), request.at, RETRIED_FOR) and _is_about(claims, request)


def _is_about(claims: dict[str, Any], request: HookRequest) -> bool:
    """A token that names no body is good for a request that says nothing."""
    hashed = claims.get("payload_hash")
    if request.said != request.body:
        return False
    if hashed is None:
        return not request.body
    return isinstance(hashed, str) and same(hashed.lower(), hashlib.sha256(request.body).hexdigest())


def _sig_holds(request: HookRequest, secret: str) -> bool:
    said = {name: _written(value) for name, value in _parameters(request).items()}
    given = said.pop("sig", "").lower()
    message = "".join(f"&{name}={said[name].translate(_REPLACED)}" for name in sorted(said))
    algorithm = HASHES.get(len(given))
    if algorithm is None:
        return False
    holds = same(given, signed_hex(secret, message.encode("utf-8", "surrogateescape"), algorithm))
    return holds and is_recent(said.get("timestamp", ""), request.at, RETRIED_FOR)


def _parameters(request: HookRequest) -> Event:
    events = events_in(request.said)
    return events[0] if len(events) == 1 and isinstance(events[0], dict) else {}


def _written(value: Any) -> str:
    """Raises `ValueError` for what has no one way of being written."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("a parameter is neither text nor a whole number")
    return str(value)


def read(event: Event) -> Sequence[Item]:
    if "message_uuid" in event:
        return [_message_status(event) if "status" in event else _message(event)]
    if "status" in event:
        return [_receipt(event)]
    if event.get("type") == "binary":
        return [Unread("a binary message, which holds no text")]
    if "text" not in event:
        return [Unread("neither a text nor a delivery report")]
    return [_sms(event)]


def _sms(event: Event) -> Item:
    """A long text comes in pieces, each with an id of its own."""
    whole = text(
        event,
        provider_id=event.get("messageId"),
        direction="inbound",
        sender=with_plus(event.get("msisdn")),
        to=[with_plus(event["to"])] if "to" in event else [],
        words=event["text"],
        sent_at=in_utc(event.get("message-timestamp")),
    )
    number, total = _count(event.get("concat-part")), _count(event.get("concat-total"))
    if word(event.get("concat")).lower() != "true" or not number <= total or not isinstance(event["text"], str):
        return whole
    return Part(whole.item, word(event.get("concat-ref")), number, total) if number and total > 1 else whole


def _count(value: Any) -> int:
    """0 for what is no number of pieces."""
    digits = word(value)
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits[:4]) <= MOST_PIECES else 0


def _receipt(event: Event) -> Item:
    return delivery(
        "vonage",
        STATUSES,
        provider_id=event.get("messageId"),
        recipient=canonical(with_plus(event.get("msisdn"))),
        said=event["status"],
        code=event.get("err-code"),
        at=moment(in_utc(event.get("message-timestamp"))),
    )


def _message(event: Event) -> Item:
    """Of either version: the older one has each end and the content in objects of their own."""
    content = part(event, "message", "content") or event
    return text(
        event,
        provider_id=event["message_uuid"],
        direction="inbound",
        sender=_end(event.get("from")),
        to=[_end(event["to"])] if "to" in event else [],
        words=part(content, "text") or part(content, "image", "caption") or "",
        sent_at=event.get("timestamp"),
        media=[part(content, kind) for kind in _KNOWN_MEDIA for _ in several(part(content, kind))],
    )


def _message_status(event: Event) -> Item:
    kind = word(part(event, "error", "type"))
    return delivery(
        "vonage",
        STATUSES,
        provider_id=event["message_uuid"],
        recipient=canonical(_end(event.get("to"))),
        said=event["status"],
        code=kind.partition("#")[2] or part(event, "error", "code"),
        title=part(event, "error", "title") or part(event, "error", "reason"),
        at=moment(event.get("timestamp")),
    )


def _end(value: Any) -> str:
    return with_plus(part(value, "number") if isinstance(value, dict) else value)


DOOR: Final = Door("vonage", "Vonage", verify, parser(read))
