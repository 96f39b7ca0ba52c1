"""Twilio: texts and delivery reports as forms, and texts as events of an event stream.

`X-Twilio-Signature` is base64 of HMAC-SHA1 over the webhook's address and the form's names and values, by name. A body
of JSON is hashed into the address instead (`bodySHA256`). There is no time in a signature: what keeps a repeat from
counting twice is that the text is here already. Source: twilio/twilio-python@306691e, twilio/twilio-node@45d3d65.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

from archive.providers.addresses import canonical
from archive.providers.bodies import Pairs, pairs
from archive.providers.codes import Status
from archive.providers.frame import Door, HookRequest
from archive.providers.registrations import OF_TWILIO, of_twilio
from archive.providers.said import Event, Item, Unread, delivery, parser, text, word
from archive.providers.signing import any_same, refusing, same, signed_base64

HEADER: Final = "x-twilio-signature"
MOST_MEDIA: Final = 100
INBOUND: Final = ("received", "receiving")
RECEIVED: Final = "com.twilio.messaging.inbound-message.received"
TAKEN_FOR: Final = {"STOP": "opt-out", "START": "opt-in", "HELP": "help"}
"""`OptOutType`, which Advanced Opt-Out adds: its keywords are the account's own, so that ours need not know them."""
STATUSES: Final[dict[str, Status]] = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "partially_delivered": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}

_STAYS_IN_QUERY: Final = "%!$&()*+,/:;=?@[\\]^`{|}~"
_STANDARD_PORTS: Final = {"https": 443, "http": 80}


@refusing
def verify(request: HookRequest, secret: str) -> bool:
    given = request.headers.get(HEADER, "").strip()
    return is_signed(request, secret, given, by_name_and_value)


def is_signed(request: HookRequest, secret: str, given: str, in_order: Any) -> bool:
    """`in_order`: how a form's pairs are put in order before they are signed."""
    stated = body_hash(request.url)
    whole = stated is None or same(stated.lower(), hashlib.sha256(request.body).hexdigest())
    form = b"" if stated is not None else b"".join(_bytes(part) for pair in in_order(_form(request)) for part in pair)
    expected = [signed_base64(secret, _bytes(url) + form, "sha1") for url in addresses(request.url)]
    return any_same([given], expected) and whole


def by_name_and_value(form: Pairs) -> Iterable[tuple[str, str]]:
    """A value that is there several times counts once."""
    return sorted(set(form))


def body_hash(url: str) -> str | None:
    found = dict(pairs(_bytes(urlsplit(url).query)))
    return found.get("bodySHA256")


def addresses(url: str) -> list[str]:
    """The address as it is, with and without its port, and with a query as browsers would write it: senders differ."""
    parts = urlsplit(url)
    port = _STANDARD_PORTS.get(parts.scheme, 443)
    bare = parts.netloc.removesuffix(f":{parts.port}") if parts.port else parts.netloc
    hosts = [parts.netloc, bare] if parts.port else [parts.netloc, f"{bare}:{port}"]
    queries = dict.fromkeys([parts.query, quote(parts.query, safe=_STAYS_IN_QUERY)])
    return [parts._replace(netloc=host, query=query).geturl() for host in hosts for query in queries]


def _form(request: HookRequest) -> Pairs:
    return [] if request.method == "GET" else pairs(request.body)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def read(event: Event) -> Sequence[Item]:
    if "type" in event:
        return [_streamed(event)]
    return read_form("twilio", event)


def read_form(provider: str, form: Event) -> Sequence[Item]:
    """The parameters of a callback, which other providers have taken over."""
    if "MessageStatus" in form and form["MessageStatus"] not in INBOUND:
        return [_delivery(provider, form)]
    if "Body" not in form and form.get("NumMedia") in (None, "0"):
        return [Unread("neither a text nor a delivery report")]
    return [_text(form)]


def _text(form: Event) -> Item:
    return text(
        form,
        provider_id=form.get("MessageSid") or form.get("SmsSid"),
        direction="inbound",
        sender=form.get("From"),
        to=[form["To"]] if "To" in form else [],
        words=form.get("Body", ""),
        media=_media(form),
        status=form.get("SmsStatus"),
        taken_for=TAKEN_FOR.get(word(form.get("OptOutType")).upper()),
    )


def _media(form: Event) -> list[dict[str, Any]]:
    numbers = [at for at in range(MOST_MEDIA) if f"MediaUrl{at}" in form]
    return [{"url": form[f"MediaUrl{at}"], "content_type": form.get(f"MediaContentType{at}")} for at in numbers]


def _delivery(provider: str, form: Event) -> Item:
    return delivery(
        provider,
        STATUSES,
        provider_id=form.get("MessageSid") or form.get("SmsSid"),
        recipient=canonical(form.get("To")),
        said=form["MessageStatus"],
        code=form.get("ErrorCode"),
        title=form.get("ErrorMessage"),
    )


def _streamed(event: Event) -> Item:
    """One event of a stream, in the form of CloudEvents."""
    data = event.get("data")
    if word(event["type"]).startswith(OF_TWILIO) and isinstance(data, dict):
        return of_twilio(event)
    if event["type"] != RECEIVED or not isinstance(data, dict):
        return Unread(f"an event of the kind {word(event['type'])[:80] or 'unknown'}, which brings no text")
    return text(
        event,
        provider_id=data.get("messageSid"),
        direction="inbound",
        sender=data.get("from"),
        to=[data["to"]] if "to" in data else [],
        words=data.get("body"),
        sent_at=data.get("timestamp"),
        status="received",
    )


DOOR: Final = Door("twilio", "Twilio", verify, parser(read))
