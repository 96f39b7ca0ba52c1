"""Whatever comes, a door says no or keeps it: it never raises, and what it hands on can always be written."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.core.canonical import canonical_json
from archive.core.phone import parse as parse_phone
from archive.providers.addresses import with_plus
from archive.providers.codes import STATUSES, category_of, settled
from archive.providers.frame import Door, HookRequest
from archive.providers.said import Delivery, Text, Unread
from tests.providers.signed import HOOK, NOON, request
from tests.providers.test_payloads import DOORS

ALL = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
HEADERS = (
    *("authorization", "x-twilio-signature", "x-signalwire-signature", "validation-token", "verification-token"),
    *("x-plivo-signature-v2", "x-plivo-signature-v2-nonce", "x-plivo-signature-ma-v2", "x-spark-signature"),
    *("x-plivo-signature-v3", "x-plivo-signature-v3-nonce", "x-sinch-signature", "x-sinch-webhook-signature"),
    *("x-sinch-webhook-signature-nonce", "x-sinch-webhook-signature-timestamp"),
    *("x-sinch-webhook-signature-algorithm", "telnyx-signature-ed25519", "telnyx-timestamp"),
)
SOMETHING = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["Bearer a.b.c", "Basic dXNlcjpwdw==", "Bearer eyJhbGciOiJub25lIn0.e30.", "9" * 5000, "12"]),
)
HEADER = st.dictionaries(st.sampled_from(HEADERS), SOMETHING)
BODY = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([b"[" * 100_000, b'{"a":' * 5_000, b"a&" * 5_000, b"\xff", b"sig=" + b"0" * 32, b"{}", b"[]"]),
)
URL = st.one_of(st.just(HOOK), st.text(max_size=40), st.sampled_from(["https://[", "https://a:b/", "?bodySHA256=0"]))
NAMES = st.sampled_from(
    [
        *(
            "type",
            "message",
            "data",
            "payload",
            "event_type",
            "direction",
            "to",
            "from",
            "text",
            "body",
            "id",
            "status",
        ),
        *(
            "MessageStatus",
            "MessageSid",
            "Body",
            "To",
            "From",
            "NumMedia",
            "MediaUrl0",
            "Status",
            "Text",
            "MessageUUID",
        ),
        *("statuses", "recipients", "batch_id", "message_uuid", "messageId", "msisdn", "error", "errors", "code"),
        *("resource", "items", "phone_number", "phoneNumber", "attachments", "messageStatus", "time", "at", "cc"),
    ]
)
WORDS = st.sampled_from(
    [
        *("message-received", "message-failed", "mo_text", "delivery_report_sms", "delivered", "outbound", "Outbound"),
        *(
            "message.finalized",
            "businessTexts",
            "created",
            "+14155550188",
            "2026-01-15T12:00:00Z",
            "in",
            "\ud83d",
            "\0",
        ),
    ]
)
VALUE: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=30,
)


@ALL
@settings(max_examples=60, deadline=None)
@given(url=URL, headers=HEADER, body=BODY, method=st.sampled_from(["GET", "POST"]), secret=SOMETHING)
@pytest.mark.filterwarnings("ignore:Key size should be")
def test_no_forged_request_gets_in_or_makes_a_door_raise(
    door: Door, url: str, headers: dict[str, str], body: bytes, method: str, secret: str
) -> None:
    sent = HookRequest(url, headers, body, NOON, method)
    expected_token = secret in headers.values() and door.provider in ("ringcentral", "bandwidth")
    assert door.verify(sent, secret) is False or expected_token


@ALL
@settings(max_examples=80, deadline=None)
@given(event=st.dictionaries(NAMES, VALUE, max_size=8))
def test_any_json_becomes_items_that_can_be_written(door: Door, event: dict[str, Any]) -> None:
    for body in (json.dumps(event).encode(), json.dumps([event, 1, None]).encode()):
        _demand_sound(door.parse(body))


@ALL
@settings(max_examples=40, deadline=None)
@given(body=BODY)
def test_any_bytes_become_items_that_can_be_written(door: Door, body: bytes) -> None:
    _demand_sound(door.parse(body))


def _demand_sound(items: Any) -> None:
    for item in items:
        if isinstance(item, Text):
            canonical_json(item.item)
        if isinstance(item, Delivery):
            assert item.status in STATUSES
            assert item.provider_id and item.recipient
        else:
            assert isinstance(item.raw, bytes)
        if isinstance(item, Unread):
            item.reason.encode()


@ALL
def test_nothing_is_signed_by_an_empty_secret_or_without_a_signature(door: Door) -> None:
    assert not door.verify(request(authorization="Basic ", validation_token=""), "")
    assert not door.verify(request(), "a secret that is long enough")


@pytest.mark.parametrize("off", [timedelta(seconds=-301), timedelta(seconds=301)])
def test_telnyx_signatures_of_another_time_are_refused(off: timedelta) -> None:
    from base64 import b64encode

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tests.providers.signed import telnyx_signature

    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    seconds = int((NOON + off).timestamp())
    for at, accepted in ((NOON, False), (NOON + off, True), (NOON + off + timedelta(seconds=300), True)):
        signed = request(
            body=b"{}",
            at=at,
            telnyx_signature_ed25519=telnyx_signature(key, seconds, b"{}"),
            telnyx_timestamp=str(seconds),
        )
        assert DOORS["telnyx"].verify(signed, public) is accepted


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("14155550188", "+14155550188"),
        ("6591234567", "+6591234567"),
        ("447700900000", "+447700900000"),
        (33662162466, "+33662162466"),
        ("+14155550188", "+14155550188"),
        ("72623", "72623"),
        ("987654", "987654"),
        ("AcmeInc", "AcmeInc"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_without_its_plus_gets_it_and_what_is_no_number_does_not(written: Any, address: str) -> None:
    assert with_plus(written) == address
    assert parse_phone(with_plus(written)).address == address


@pytest.mark.parametrize(
    ("status", "provider", "code", "then"),
    [
        ("undelivered", "twilio", "30007", "blocked"),
        ("failed", "signalwire", "21610", "blocked"),
        ("undelivered", "twilio", "30003", "undelivered"),
        ("failed", "twilio", None, "failed"),
        ("delivered", "twilio", "30007", "delivered"),
        ("failed", "bandwidth", "30007", "failed"),
    ],
)
def test_only_a_failure_that_somebody_decided_is_called_blocked(
    status: Any, provider: str, code: str | None, then: str
) -> None:
    assert settled(status, category_of(provider, code)) == then
