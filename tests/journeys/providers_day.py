"""A day as nine providers tell it: each text, and what becomes of it, as a request that is signed like theirs."""

import json
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.providers.bodies import pairs
from archive.providers.frame import HookRequest
from archive.providers.model import hook_path
from archive.providers.signing import signed_base64, signed_hex
from tests.items import OWN_NUMBER

MORNING = datetime(2026, 11, 23, 6, tzinfo=UTC)
ACCOUNT = "A1"
WORDS = (
    "See you at noon",
    "Closing is on Friday 🙂",
    "¿Mañana a las 10?",
    "",
    "Wire it & call = me",
    "明天见",
    "a\r\nb",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider tells in one request; or, with an `item`, what the sender's own program tells our API."""

    provider: str
    body: bytes = b""
    item: dict[str, Any] | None = None


def a_day(events: int, seed: int = 7) -> list[Told]:
    """In the order in which it happened."""
    chance = random.Random(seed)
    told: list[Told] = []
    number = 0
    while len(told) < events:
        number += 1
        told += _told(chance.choice(list(TELL)), number, chance)
    return told[:events]


def _told(provider: str, number: int, chance: random.Random) -> Iterator[Told]:
    tell, said_by_provider = TELL[provider], provider in BRINGS_WORDS
    text = Sent(
        id=f"{provider[:2]}{number:06d}",
        other=f"+1415555{chance.randrange(10_000):04d}",
        words=chance.choice(WORDS) or "…",
        at=MORNING + timedelta(seconds=number),
    )
    if chance.random() < 0.4:
        for said in tell.in_pieces(text) if tell.in_pieces and chance.random() < 0.5 else [tell.inbound(text)]:
            yield Told(provider, _body(said))
        return
    if not said_by_provider and chance.random() < 0.9:
        yield Told(provider, item=text.as_item(provider))
    for step, said in enumerate(chance.choice(tell.ways)):
        yield Told(provider, _body(tell.status(replace(text, at=text.at + timedelta(seconds=step)), said, text.at)))


@dataclass(frozen=True, slots=True)
class Sent:
    id: str
    other: str
    words: str
    at: datetime

    def as_item(self, provider: str) -> dict[str, Any]:
        known = {"provider": provider, "account": ACCOUNT, "provider_id": self.id, "direction": "outbound"}
        return {**known, "from": OWN_NUMBER, "to": [self.other], "text": self.words, "sent_at": self.iso}

    @property
    def iso(self) -> str:
        return self.at.isoformat().replace("+00:00", "Z")

    @property
    def plain(self) -> str:
        return self.at.strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Telling:
    """`status(text, said, began)`: `began` is the moment of the text, `text.at` that of the report. `in_pieces`: how a
    long text is told, in several requests."""

    inbound: Callable[[Sent], Any]
    status: Callable[[Sent, str, datetime], Any]
    ways: tuple[tuple[str, ...], ...]
    in_pieces: Callable[[Sent], list[Any]] | None = None


def _body(said: Any) -> bytes:
    """A form from pairs, JSON from anything else."""
    return urlencode(said).encode() if type(said) is list else json.dumps(said).encode()


class Several(list[Any]):
    """An array of events, where a plain list would be a form."""


BARE = OWN_NUMBER[1:]
USUAL = (("queued", "sent", "delivered"), ("sent", "undelivered"), ("failed",))


def _twilio_in(text: Sent) -> Any:
    return [("MessageSid", text.id), ("From", text.other), ("To", OWN_NUMBER), ("Body", text.words)]


def _twilio_status(text: Sent, said: str, began: datetime) -> Any:
    error = [("ErrorCode", "30007")] if said in ("undelivered", "failed") else []
    return [("MessageSid", text.id), ("From", OWN_NUMBER), ("To", text.other), ("MessageStatus", said), *error]


def _signalwire_status(text: Sent, said: str, began: datetime) -> Any:
    ends = {"from": OWN_NUMBER, "to": text.other}
    return {"id": text.id, "status": said, "body": text.words, "timestamp": text.iso, **ends}


def _plivo_in(text: Sent) -> Any:
    return [("MessageUUID", text.id), ("From", text.other[1:]), ("To", BARE), ("Text", text.words)]


def _plivo_status(text: Sent, said: str, began: datetime) -> Any:
    told = [("MessageUUID", text.id), ("From", BARE), ("To", text.other[1:]), ("Status", said)]
    return [*told, ("DeliveryReportTime", text.plain)]


def _sinch_in(text: Sent) -> Any:
    ends = {"from": text.other[1:], "to": BARE}
    return {"type": "mo_text", "id": text.id, "body": text.words, "sent_at": text.iso, **ends}


def _sinch_status(text: Sent, said: str, began: datetime) -> Any:
    told = {"type": "recipient_delivery_report_sms", "batch_id": text.id, "recipient": text.other[1:]}
    return {**told, "status": said, "at": text.iso}


def _vonage_in(text: Sent) -> Any:
    ends = {"msisdn": text.other[1:], "to": BARE}
    return {"messageId": text.id, "type": "text", "text": text.words, "message-timestamp": text.plain, **ends}


def _vonage_in_pieces(text: Sent) -> list[Any]:
    whole = {**_vonage_in(text), "concat": "true", "concat-ref": str(int(text.id[2:]) % 256), "concat-total": "3"}
    return [{**whole, "messageId": f"{text.id}-{part}", "concat-part": str(part)} for part in (1, 2, 3)]


def _vonage_status(text: Sent, said: str, began: datetime) -> Any:
    ends = {"msisdn": text.other[1:], "to": BARE}
    return {"messageId": text.id, "status": said, "message-timestamp": text.plain, **ends}


def _telnyx(direction: str) -> Callable[..., Any]:
    def tell(text: Sent, said: str = "received", began: datetime | None = None) -> Any:
        ours, theirs = {"phone_number": OWN_NUMBER}, {"phone_number": text.other, "status": said}
        ends = {"from": theirs, "to": [ours]} if direction == "inbound" else {"from": ours, "to": [theirs]}
        taken = replace(text, at=began or text.at).iso
        payload = {"id": text.id, "direction": direction, "text": text.words, "received_at": taken, **ends}
        return {"data": {"event_type": "message.x", "occurred_at": text.iso, "payload": payload}}

    return tell


def _bandwidth_in(text: Sent) -> Any:
    ends = {"from": text.other, "to": [OWN_NUMBER], "direction": "in"}
    message = {"id": text.id, "time": text.iso, "text": text.words, **ends}
    return Several([{"type": "message-received", "message": message}])


def _bandwidth_status(text: Sent, said: str, began: datetime) -> Any:
    message = {"id": text.id, "to": [text.other], "from": OWN_NUMBER, "text": "", "direction": "out"}
    return {"type": said, "time": text.iso, "to": text.other, "message": message}


def _ringcentral(direction: str) -> Callable[..., Any]:
    def tell(text: Sent, said: str = "Received", began: datetime | None = None) -> Any:
        ends = (text.other, OWN_NUMBER) if direction == "Inbound" else (OWN_NUMBER, text.other)
        body = {"id": text.id, "direction": direction, "from": ends[0], "to": [ends[1]], "text": text.words}
        times = {"creationTime": replace(text, at=began or text.at).iso, "lastModifiedTime": text.iso}
        return {"event": "/a2p-sms/messages", "body": {**body, **times, "messageStatus": said}}

    return tell


def _webex(text: Sent, said: str = "", began: datetime | None = None) -> Any:
    ends = {"from": text.other, "to": OWN_NUMBER} if began is None else {"from": OWN_NUMBER, "to": text.other}
    data = {"id": text.id, "text": text.words, "created": replace(text, at=began or text.at).iso, **ends}
    data["direction"] = "inbound" if began is None else "outbound"
    return {"resource": "businessTexts", "type": "created", "data": data}


TELL = {
    "twilio": Telling(_twilio_in, _twilio_status, USUAL),
    "signalwire": Telling(_twilio_in, _signalwire_status, USUAL),
    "plivo": Telling(_plivo_in, _plivo_status, USUAL),
    "sinch": Telling(_sinch_in, _sinch_status, (("Queued", "Dispatched", "Delivered"), ("Rejected",))),
    "vonage": Telling(_vonage_in, _vonage_status, (("accepted", "delivered"), ("failed",)), _vonage_in_pieces),
    "telnyx": Telling(_telnyx("inbound"), _telnyx("outbound"), (("sent", "delivered"), ("delivery_failed",))),
    "bandwidth": Telling(
        _bandwidth_in, _bandwidth_status, (("message-sent", "message-delivered"), ("message-failed",))
    ),
    "ringcentral": Telling(
        _ringcentral("Inbound"), _ringcentral("Outbound"), (("Sent", "Delivered"), ("SendingFailed",))
    ),
    "webex": Telling(_webex, _webex, (("",),)),
}
BRINGS_WORDS = {"signalwire", "telnyx", "ringcentral", "webex"}


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs as all nine would, with secrets derived from one word. What is `broken` was changed after signing."""

    public_url: str
    word: str

    def secret(self, provider: str) -> str:
        if provider == "telnyx":
            return b64encode(self._key().public_key().public_bytes_raw()).decode()
        return f"{self.word}:of {provider}"

    def request(self, told: Told, at: datetime, *, broken: bool = False) -> HookRequest:
        url = self.public_url + hook_path(told.provider, ACCOUNT)
        body, headers = told.body, {}
        if told.provider == "vonage":
            body = self._with_sig(json.loads(told.body), at)
        else:
            headers = self._headers(told.provider, url, body, at)
        if broken and told.provider in ("bandwidth", "ringcentral"):
            headers = {name: value + "x" for name, value in headers.items()}
        return HookRequest(url, headers, body.replace(b"1", b"2") if broken else body, at)

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.word.encode().ljust(32, b"."))

    def _headers(self, provider: str, url: str, body: bytes, at: datetime) -> dict[str, str]:
        secret, seconds = self.secret(provider), str(int(at.timestamp()))
        raw = url.encode() + body
        sinch, telnyx = "x-sinch-webhook-signature", "telnyx-signature-ed25519"
        made: dict[str, Callable[[], dict[str, str]]] = {
            "twilio": lambda: {"x-twilio-signature": signed_base64(secret, (url + _flat(body)).encode(), "sha1")},
            "signalwire": lambda: {"x-signalwire-signature": self._signalwire(secret, raw, url, body)},
            "plivo": lambda: {
                "x-plivo-signature-v3": signed_base64(secret, f"{url}?{_flat(body)}.9".encode(), "sha256"),
                "x-plivo-signature-v3-nonce": "9",
            },
            "sinch": lambda: {
                sinch: signed_base64(secret, body + f".9.{seconds}".encode(), "sha256"),
                f"{sinch}-nonce": "9",
                f"{sinch}-timestamp": seconds,
            },
            "telnyx": lambda: {
                telnyx: b64encode(self._key().sign(f"{seconds}|".encode() + body)).decode(),
                "telnyx-timestamp": seconds,
            },
            "bandwidth": lambda: {"authorization": f"Basic {b64encode(secret.encode()).decode()}"},
            "ringcentral": lambda: {"verification-token": secret},
            "webex": lambda: {"x-spark-signature": signed_hex(secret, body, "sha1")},
        }
        return made[provider]()

    def _signalwire(self, secret: str, raw: bytes, url: str, body: bytes) -> str:
        """By either of its schemes."""
        if body.startswith(b"{"):
            return signed_hex(secret, raw, "sha1")
        return signed_base64(secret, (url + _flat(body)).encode(), "sha1")

    def _with_sig(self, said: dict[str, str], at: datetime) -> bytes:
        said["timestamp"] = str(int(at.timestamp()))
        plain = "".join(f"&{name}={said[name].replace('&', '_').replace('=', '_')}" for name in sorted(said))
        return json.dumps({**said, "sig": signed_hex(self.secret("vonage"), plain.encode(), "sha512")}).encode()


def _flat(body: bytes) -> str:
    return "".join(part for pair in sorted(pairs(body)) for part in pair)
