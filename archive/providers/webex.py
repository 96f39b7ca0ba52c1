"""Webex: the envelope that all its webhooks share, and the opt-outs of Webex Interact.

`X-Spark-Signature` is hex of HMAC-SHA1 over the raw body. What a business text looks like inside is documented nowhere:
likely names are tried, and what names no direction or no party stays whole in quarantine until somebody has seen one.
Source: webexpythonsdk 2.0.6, wxc_sdk 1.41.0; docs.webexinteract.com (sms opt out received).
"""

from collections.abc import Sequence
from typing import Any, Final

from archive.providers.frame import Door, HookRequest
from archive.providers.moments import moment
from archive.providers.said import Event, Item, Unread, opt_out, parser, several, text, word
from archive.providers.signing import refusing, same, signed_hex

HEADER: Final = "x-spark-signature"
RESOURCE: Final = "businesstexts"
INTERACT: Final = {"com.interact.messages.sms.opt.out": True, "com.interact.messages.sms.opt.in": False}
"""The kinds of its events → whether somebody is not to be texted."""
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
    kind = word(event.get("type") if "specversion" in event else event.get("event"))
    if kind in INTERACT:
        data = event.get("data")
        return _opt_out(data if isinstance(data, dict) else event, out=INTERACT[kind])
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


def _opt_out(said: Event, *, out: bool) -> Item:
    """An opt-out of the whole account is one from each of its numbers, whichever was written to."""
    own_number = None if said.get("account_level_opt_out") is True else word(said.get("inbound_number"))
    at = moment(said.get("opt_out_time") or said.get("opt_in_time"))
    return opt_out(party=said.get("phone_number"), own_number=own_number, out=out, at=at, words=said.get("message"))


def _first(data: Event, *names: str) -> Any:
    return next((data[name] for name in names if data.get(name) is not None), None)


DOOR: Final = Door("webex", "Webex", verify, parser(read))
