"""The registry's signature and messages; the expected signatures are made here by other means."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.providers.frame import HookRequest
from archive.providers.tcr import HEADER, parse, verify
from tests.providers.signed import NOON

URL = "https://archive.example.com/hooks/tcr/SBJAF5P"
SECRET = "a secret of the registry's"
BODY = {"mnoId": 10017, "cspId": "S000000", "eventType": "MNO_CAMPAIGN_OPERATION_SUSPENDED", "mock": False}


def signature(url: str, canonical: bytes, secret: str = SECRET) -> str:
    """HMAC-SHA1 by its definition (RFC 2104)."""
    key = secret.encode().ljust(64, b"\0")
    inner = hashlib.sha1(bytes(byte ^ 0x36 for byte in key) + url.encode() + canonical).digest()
    return base64.b64encode(hashlib.sha1(bytes(byte ^ 0x5C for byte in key) + inner).digest()).decode()


def request(body: bytes, given: str | None, url: str = URL) -> HookRequest:
    return HookRequest(url, {} if given is None else {HEADER: given}, body, NOON)


def canonical(body: dict[str, Any]) -> bytes:
    """Enough for bodies of plain ASCII without fractions."""
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def test_the_definition_above_is_the_librarys() -> None:
    expected = base64.b64encode(hmac.digest(SECRET.encode(), URL.encode() + canonical(BODY), "sha1")).decode()
    assert signature(URL, canonical(BODY)) == expected


@pytest.mark.parametrize("sent", [json.dumps(BODY), json.dumps(BODY, indent=4), canonical(BODY).decode()])
def test_the_registrys_signature_counts_however_the_body_is_laid_out(sent: str) -> None:
    assert verify(request(sent.encode(), signature(URL, canonical(BODY))), SECRET)


def test_the_samples_are_accepted_and_read(shared) -> None:
    for name, event in (
        ("tcr_campaign_dca_complete", "CAMPAIGN_DCA_COMPLETE"),
        ("tcr_mno_suspended", "MNO_CAMPAIGN_OPERATION_SUSPENDED"),
    ):
        body = json.loads((shared / f"data/telecom/payloads/{name}.json").read_text())["json"]
        sent = json.dumps(body).encode()
        assert verify(request(sent, signature(URL, canonical(body))), SECRET)
        [read] = parse(sent)
        assert (read.event, read.campaign) == (event, body["campaignId"])
        assert read.carrier == str(body.get("mnoId", ""))
        assert read.reference == body.get("campaignReferenceId", "")
        assert json.loads(read.whole) == body


@pytest.mark.parametrize(
    "sent",
    [
        request(canonical(BODY), None),
        request(canonical(BODY), ""),
        request(canonical(BODY), "é🙂"),
        request(canonical(BODY), signature(URL, canonical(BODY), "another")),
        request(canonical(BODY), signature(URL + "/", canonical(BODY))),
        request(canonical(BODY), signature("http" + URL.removeprefix("https"), canonical(BODY))),
        request(canonical({**BODY, "mnoId": 10035}), signature(URL, canonical(BODY))),
        request(b"", signature(URL, b"")),
        request(b"no json", signature(URL, b"no json")),
        request(b'"\\ud83d"', signature(URL, b'"\\ud83d"')),
        request(b"[" * 100_000, signature(URL, b"[" * 100_000)),
        request(b"1" * 10_000, signature(URL, b"1" * 10_000)),
        request(b"1e999", signature(URL, b"1e999")),
        request(b"\xff", signature(URL, b"\xff")),
    ],
)
def test_every_other_request_is_refused_and_nothing_is_raised(sent: HookRequest) -> None:
    assert not verify(sent, SECRET)


@given(st.binary(max_size=200), st.text(max_size=60))
def test_no_body_and_no_signature_raises(body: bytes, given: str) -> None:
    assert not verify(request(body, given), SECRET)


@pytest.mark.parametrize(
    "body", [{}, [], 5, "text", None, {"eventType": 5.5}, {"eventType": None}, {"eventType": "x" * 201}, {"mnoId": {}}]
)
def test_what_names_no_event_is_handed_on_as_unreadable(body: Any) -> None:
    for event in parse(json.dumps(body).encode()):
        assert event.event == "unreadable"
        assert json.loads(event.whole) == body


def test_unknown_events_and_fields_are_read_as_they_are() -> None:
    [event] = parse(b'{"eventType": "CAMPAIGN_PAINTED_BLUE", "colour": {"shade": 3}, "mock": true}')
    assert (event.event, event.mock) == ("CAMPAIGN_PAINTED_BLUE", True)
    assert json.loads(event.whole)["colour"] == {"shade": 3}


def test_several_at_once_are_several() -> None:
    assert [one.event for one in parse(b'[{"eventType": "A"}, {"eventType": "B"}]')] == ["A", "B"]
