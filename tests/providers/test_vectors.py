"""The providers' own published signatures: whatever they made is accepted, and what is wrong about one is refused."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from archive.providers import plivo, signalwire, sinch, telnyx, twilio, vonage
from archive.providers.frame import HookRequest
from archive.providers.signing import ed25519_holds, signed_base64
from tests.providers.signed import NOON, form, request, telnyx_key, telnyx_signature, vectors


def test_all_vectors_there_are_are_tried_here(shared: Path) -> None:
    counted = {"twilio": 16, "signalwire": 3, "plivo": 6, "sinch": 4, "vonage": 6, "telnyx": 1, "ed25519": 3}
    assert {provider: len(vectors(shared, provider)) for provider in counted} == counted


def _twilio(vector: dict[str, Any]) -> HookRequest:
    body = vector["body"].encode() if vector.get("body") else form(vector.get("params"))
    return request(vector["url"], body, x_twilio_signature=vector["signature"])


def test_twilio_vectors(shared: Path) -> None:
    for vector in vectors(shared, "twilio"):
        assert twilio.verify(_twilio(vector), vector["secret"]) is vector["valid"], vector["name"]


def test_twilio_counts_a_body_that_differs_from_its_hash_as_unsigned(shared: Path) -> None:
    vector = next(one for one in vectors(shared, "twilio") if one["body"])
    assert not twilio.verify(_twilio({**vector, "body": vector["body"] + " "}), vector["secret"])


def test_signalwire_vectors(shared: Path) -> None:
    for vector in vectors(shared, "signalwire"):
        body = vector["body"].encode() if vector.get("body") else form(vector.get("params"))
        sent = request(vector["url"], body, x_signalwire_signature=vector["signature"])
        assert signalwire.verify(sent, vector["secret"]) is vector["valid"], vector["name"]


def test_signalwire_keeps_the_order_of_repeated_names_where_twilio_sorts_them() -> None:
    for signed, door, accepted in [
        ("To+2To+1To+1", signalwire, True),
        ("To+2To+1To+1", twilio, False),
        ("To+1To+2", signalwire, False),
        ("To+1To+2", twilio, True),
    ]:
        signature = signed_base64("a secret", f"https://a.example/{signed}".encode(), "sha1")
        sent = request("https://a.example/", b"To=%2B2&To=%2B1&To=%2B1", x_twilio_signature=signature)
        assert door.verify(sent, "a secret") is accepted


def test_plivo_vectors(shared: Path) -> None:
    for vector in vectors(shared, "plivo"):
        if vector["name"].startswith("V2"):
            sent = request(
                vector["url"], x_plivo_signature_v2=vector["signature"], x_plivo_signature_v2_nonce=vector["nonce"]
            )
        else:
            sent = _plivo_v3(vector)
        assert plivo.verify(sent, vector["secret"]) is vector["valid"], vector["name"]


def _plivo_v3(vector: dict[str, Any], **changed: str) -> HookRequest:
    """Of a GET all parameters are in the query, where we see them."""
    url, params = vector["url"], vector["params"]
    if vector["method"] == "GET":
        url += ("&" if "?" in url else "?") + urlencode(params)
    headers = {"x_plivo_signature_v3": vector["signature"], "x_plivo_signature_v3_nonce": vector["nonce"], **changed}
    body = b"" if vector["method"] == "GET" else form(params)
    return request(url, body, method=vector["method"], **headers)


def test_plivo_finds_the_right_one_among_several_signatures(shared: Path) -> None:
    vector = vectors(shared, "plivo")[2]
    several = _plivo_v3(vector, x_plivo_signature_v3=f"wrong, {vector['signature']}")
    assert plivo.verify(several, vector["secret"])


def test_a_wrong_v3_signature_of_plivo_is_not_made_good_by_a_right_v2(shared: Path) -> None:
    second, third = vectors(shared, "plivo")[0], vectors(shared, "plivo")[2]
    v2 = {"x_plivo_signature_v2": second["signature"], "x_plivo_signature_v2_nonce": second["nonce"]}
    assert plivo.verify(request(second["url"], b"Text=no", **v2), second["secret"])
    both = request(second["url"], b"Text=no", x_plivo_signature_v3=third["signature"], **v2)
    assert not plivo.verify(both, second["secret"])


def _sinch(vector: dict[str, Any], at: datetime) -> HookRequest:
    body = vector["body"].encode()
    if "timestamp" not in vector:
        return request(body=body, at=at, x_sinch_signature=vector["signature"])
    return request(
        body=body,
        at=at,
        x_sinch_webhook_signature=vector["signature"],
        x_sinch_webhook_signature_algorithm="HmacSHA256",
        x_sinch_webhook_signature_nonce=vector["nonce"],
        x_sinch_webhook_signature_timestamp=vector["timestamp"],
    )


def test_sinch_vectors(shared: Path) -> None:
    for vector in vectors(shared, "sinch"):
        then = datetime.fromtimestamp(int(vector.get("timestamp", 0)), UTC)
        assert sinch.verify(_sinch(vector, then), vector["secret"]) is vector["valid"], vector["name"]
        assert sinch.verify(_sinch(vector, NOON), vector["secret"]) is ("timestamp" not in vector), vector["name"]


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_vonage_vectors(shared: Path) -> None:
    for vector in vectors(shared, "vonage"):
        if "token" in vector:
            then = datetime.fromtimestamp(1697634680, UTC)
            sent = request(at=then, authorization=f"Bearer {vector['token']}")
        else:
            then = datetime.fromtimestamp(1234567890, UTC)
            sent = request(body=form({**vector["params"], "sig": vector["signature"]}), at=then)
        assert vonage.verify(sent, vector["secret"]) is vector["valid"], vector["name"]


def test_telnyx_signs_what_we_accept_with_the_key_of_its_own_tests(shared: Path) -> None:
    (vector,) = vectors(shared, "telnyx")
    seconds, body = int(NOON.timestamp()), b'{"data":{}}'
    signature = telnyx_signature(telnyx_key(vector), seconds, body)
    sent = request(body=body, telnyx_signature_ed25519=signature, telnyx_timestamp=str(seconds))
    assert telnyx.verify(sent, vector["public_key"])


def test_ed25519_vectors_of_the_rfc(shared: Path) -> None:
    for vector in vectors(shared, "ed25519"):
        public, message, signature = (
            bytes.fromhex(vector[name]) for name in ("public_key_hex", "message_hex", "signature_hex")
        )
        assert ed25519_holds(public, message, signature)
        assert not ed25519_holds(public, message + b"!", signature)
