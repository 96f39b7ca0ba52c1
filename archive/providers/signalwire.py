"""SignalWire: forms like Twilio's, and events of JSON.

Two signatures. JSON: hex of HMAC-SHA1 over the address and the raw body. Forms: Twilio's, but repeated names keep the
order in which they came; JSON may also be signed like Twilio's. Source: signalwire/signalwire-python@8253718.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from archive.providers import twilio
from archive.providers.addresses import canonical
from archive.providers.bodies import Pairs
from archive.providers.frame import Door, HookRequest
from archive.providers.moments import moment
from archive.providers.registrations import OF_SIGNALWIRE, of_signalwire
from archive.providers.said import Event, Item, Unread, delivery, parser, text, word
from archive.providers.signing import any_same, refusing, signed_hex

HEADER: Final = "x-signalwire-signature"


@refusing
def verify(request: HookRequest, secret: str) -> bool:
    given = (request.headers.get(HEADER) or request.headers.get(twilio.HEADER, "")).strip()
    addresses = twilio.addresses(request.url)
    raw = [signed_hex(secret, url.encode() + request.body, "sha1") for url in addresses]
    return any([any_same([given.lower()], raw), twilio.is_signed(request, secret, given, _by_name)])


def _by_name(form: Pairs) -> Iterable[tuple[str, str]]:
    return sorted(form, key=lambda pair: pair[0])


def read(event: Event) -> Sequence[Item]:
    if "MessageSid" in event or "SmsSid" in event:
        return twilio.read_form("signalwire", event)
    if "status" not in event or "id" not in event:
        category = word(event.get("event_category"))[:80]
        if category in OF_SIGNALWIRE:
            return [of_signalwire(event)]
        return [Unread(f"an event about {category or 'something else'}, which brings no text")]
    inbound = word(event["status"]).lower() in twilio.INBOUND
    outcome = [] if inbound else [_delivery(event)]
    words = [_text(event, "inbound" if inbound else "outbound")] if "body" in event else []
    return [*words, *outcome]


def _text(event: Event, direction: str) -> Item:
    """Its `timestamp` is the moment of the status, which is another in each report of one text."""
    return text(
        event,
        provider_id=event["id"],
        direction=direction,
        sender=event.get("from"),
        to=[event["to"]] if "to" in event else [],
        words=event["body"],
        media=_media(event.get("media")),
        status=event["status"],
    )


def _media(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _delivery(event: Event) -> Item:
    return delivery(
        "signalwire",
        twilio.STATUSES,
        provider_id=event["id"],
        recipient=canonical(event.get("to")),
        said=event["status"],
        code=event.get("error_code"),
        title=event.get("error_message"),
        at=moment(event.get("timestamp")),
    )


DOOR: Final = Door("signalwire", "SignalWire", verify, parser(read))
