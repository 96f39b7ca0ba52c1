"""Providers' webhooks from end to end: what is signed is archived before the answer, all else leaves no trace."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from archive.core.actor import OPERATOR
from archive.intake import quarantine
from archive.providers.bodies import pairs
from archive.providers.signing import signed_base64, signed_hex
from archive.wiring import Archive
from tests.items import OWN_NUMBER, STRANGER, ledger_size, line, own_number, read_back, take_in

SECRET = "the account's own secret"
TWILIO, BANDWIDTH, PLIVO = "/hooks/twilio/AC1", "/hooks/bandwidth/B1", "/hooks/plivo/MA1"

Post = Callable[..., Any]


@pytest.fixture
def connect(call: Post) -> Post:
    def connect(provider: str, account: str, secret: str = SECRET) -> None:
        body = {"provider": provider, "account": account, "secret": secret}
        assert call("POST", "/provider-accounts", json=body).status_code == 201

    return connect


@pytest.fixture
def twilio(app: Flask, archive: Archive, connect: Post) -> Post:
    """`twilio(parameters)`: as Twilio posts them; the signature may be changed."""
    connect("twilio", "AC1")

    def post(parameters: dict[str, str], secret: str = SECRET, **more: Any) -> Any:
        body = urlencode(parameters).encode()
        flat = "".join(part for pair in sorted(pairs(body)) for part in pair)
        signed = signed_base64(secret, (archive.settings.public_url + TWILIO + flat).encode(), "sha1")
        headers = {"X-Twilio-Signature": signed, "Content-Type": "application/x-www-form-urlencoded"}
        return app.test_client().post(TWILIO, data=body, headers={**headers, **more.pop("headers", {})}, **more)

    return post


@pytest.fixture
def bandwidth(app: Flask, connect: Post) -> Post:
    connect("bandwidth", "B1", "user:password")
    client = app.test_client()
    return lambda events: client.post(BANDWIDTH, data=json.dumps(events), auth=("user", "password"))


def inbound(provider_id: str = "SM1", words: str = "Hello") -> dict[str, str]:
    return {"MessageSid": provider_id, "From": STRANGER, "To": OWN_NUMBER, "Body": words, "SmsStatus": "received"}


def status(provider_id: str, said: str = "delivered", **more: str) -> dict[str, str]:
    return {"MessageSid": provider_id, "MessageStatus": said, "From": OWN_NUMBER, "To": STRANGER, **more}


def open_items(archive: Archive, org_id: int) -> list[tuple[str, bytes]]:
    with archive.transactions.read(org_id, OPERATOR) as tx:
        rows = quarantine.open_items(tx)
        return [(row.reason, quarantine.read_item(tx, row.seq).raw) for row in rows]


def sent_by_us(archive: Archive, org_id: int, provider_id: str = "SM2", **changes: Any) -> int:
    whole = {"account": "AC1", "direction": "outbound", "from": OWN_NUMBER, "to": [STRANGER], **changes}
    (outcome,) = take_in(archive, org_id, line(provider_id, **whole))
    assert outcome.serial
    return outcome.serial


def test_a_text_is_archived_as_if_it_had_come_by_the_api(archive, organisation, twilio) -> None:
    own_number(archive, organisation.id)
    answer = twilio(inbound())
    assert (answer.status_code, answer.json) == (200, {"new": 1})
    message = read_back(archive, organisation.id, ledger_size(archive, organisation.id))
    assert (message.content.text, message.content.sender, message.content.to) == ("Hello", STRANGER, (OWN_NUMBER,))
    assert (message.clear.provider, message.clear.account, message.clear.provider_id) == ("twilio", "AC1", "SM1")
    assert (message.clear.actor, message.flags) == ("provider:twilio/AC1", ())
    assert message.content.extra == {"payload": inbound()}


def test_the_same_again_changes_nothing_and_other_words_under_one_id_are_kept_beside(
    archive, organisation, twilio
) -> None:
    twilio(inbound())
    before = ledger_size(archive, organisation.id)
    assert twilio(inbound()).json == {"new": 0}
    assert ledger_size(archive, organisation.id) == before
    assert twilio(inbound(words="Goodbye")).json == {"new": 1}
    assert "conflict" in read_back(archive, organisation.id, before + 1).flags


@pytest.mark.parametrize(
    "how", [{"secret": "another secret"}, {"headers": {"X-Twilio-Signature": ""}}, {"query_string": "a=b"}]
)
def test_what_is_not_signed_is_refused_counted_and_never_kept(
    call, archive, organisation, twilio, how: dict[str, Any]
) -> None:
    before = ledger_size(archive, organisation.id)
    answer = twilio(inbound(), **how)
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/bad-signature")
    assert ledger_size(archive, organisation.id) == before
    assert open_items(archive, organisation.id) == []
    [shown] = call("GET", "/provider-accounts").json["accounts"]
    assert (shown["accepted"], shown["rejected"]) == (0, 1)


def test_a_proxy_changes_nothing_about_the_address_that_was_signed(twilio) -> None:
    assert twilio(inbound(), base_url="http://10.0.0.7:8080").json == {"new": 1}


def test_what_is_signed_and_can_not_be_read_is_in_quarantine_byte_for_byte(archive, organisation, app, connect) -> None:
    connect("webex", "W1")
    for body in (b"\xff\x00 no json", b'{"resource":"messages"}', b'{"resource": "businessTexts", "type": "created"}'):
        headers = {"X-Spark-Signature": signed_hex(SECRET, body, "sha1")}
        assert app.test_client().post("/hooks/webex/W1", data=body, headers=headers).json == {"new": 1}
        assert app.test_client().post("/hooks/webex/W1", data=body, headers=headers).json == {"new": 0}
        assert body in [raw for _, raw in open_items(archive, organisation.id)]


def test_one_bad_event_costs_no_other(archive, organisation, bandwidth) -> None:
    good = {"id": "m1", "direction": "in", "to": [OWN_NUMBER], "from": STRANGER, "text": "Hi"}
    events = [
        {"type": "message-received", "time": "2026-11-23T08:59:00Z", "to": OWN_NUMBER, "message": good},
        {"type": "message-received", "message": {"id": "m2", "direction": "in", "text": "To nobody"}},
        5,
    ]
    assert bandwidth(events).json == {"new": 3}
    kept = {raw: reason for reason, raw in open_items(archive, organisation.id)}
    assert [json.loads(raw) for raw in kept] == [5, events[1]]
    assert "`from` is missing" in kept.values()


def test_a_text_may_come_in_the_query_of_a_get(archive, organisation, app, connect) -> None:
    connect("plivo", "MA1")
    query = "From=14155550188&MessageUUID=u1&Text=Hi&To=12125550123"
    signed = signed_base64(SECRET, f"{archive.settings.public_url}{PLIVO}?{query}.7".encode(), "sha256")
    headers = {"X-Plivo-Signature-V3": signed, "X-Plivo-Signature-V3-Nonce": "7"}
    assert app.test_client().head(f"{PLIVO}?{query}", headers=headers).status_code == 405
    assert app.test_client().get(f"{PLIVO}?{query}", headers=headers).json == {"new": 1}
    assert read_back(archive, organisation.id, ledger_size(archive, organisation.id)).content.sender == STRANGER


def test_ringcentrals_first_request_gets_its_token_back_and_nothing_is_kept(
    archive, organisation, app, connect
) -> None:
    connect("ringcentral", "R1")
    before = ledger_size(archive, organisation.id)
    client = app.test_client()
    answer = client.post("/hooks/ringcentral/R1", headers={"Validation-Token": "theirs"})
    assert (answer.status_code, answer.headers["Validation-Token"]) == (200, "theirs")
    whole = len(answer.data) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    assert whole < 1024, "what is longer than this RingCentral does not accept"
    assert client.post("/hooks/ringcentral/NOBODY", headers={"Validation-Token": "theirs"}).status_code == 403
    assert client.post("/hooks/ringcentral/R1", headers={"Validation-Token": "x"}, data=b"{}").status_code == 403
    assert ledger_size(archive, organisation.id) == before


def test_what_is_said_of_a_text_stands_beside_it(call, archive, organisation, twilio) -> None:
    serial = sent_by_us(archive, organisation.id)
    for said in (status("SM2", "sent"), status("SM2", "undelivered", ErrorCode="30007", ErrorMessage="Filtered")):
        assert twilio(said).json == {"new": 1}
        assert twilio(said).json == {"new": 0}
    shown = call("GET", f"/messages/{serial}").json["deliveries"]
    assert [(one["recipient"], one["status"], one["said"], one["code"], one["category"]) for one in shown] == [
        (STRANGER, "sent", "sent", None, None),
        (STRANGER, "blocked", "undelivered", "30007", "filtered_spam"),
    ]
    assert shown[1]["title"] == "Filtered"


def test_a_report_whose_text_is_missing_is_a_gap_until_the_text_comes(call, archive, organisation, twilio) -> None:
    twilio(status("SM2", "sent"))
    twilio(status("SM2"))
    gap = call("GET", "/deliveries/orphans").json
    assert gap["texts"] == 1
    assert {one["status"] for one in gap["newest"]} == {"sent", "delivered"}
    assert {(one["provider"], one["account"], one["provider_id"]) for one in gap["newest"]} == {
        ("twilio", "AC1", "SM2")
    }
    serial = sent_by_us(archive, organisation.id)
    assert call("GET", "/deliveries/orphans").json == {"texts": 0, "newest": []}
    assert [one["said"] for one in call("GET", f"/messages/{serial}").json["deliveries"]] == ["sent", "delivered"]


def test_a_text_and_what_is_said_of_it_may_come_in_one_callback(call, archive, organisation, app, connect) -> None:
    connect("signalwire", "P1")
    said = {"id": "m1", "status": "failed", "to": STRANGER, "from": OWN_NUMBER, "body": "Hello", "error_code": "30003"}
    body = json.dumps(said).encode()
    signed = signed_hex(SECRET, f"{archive.settings.public_url}/hooks/signalwire/P1".encode() + body, "sha1")
    answer = app.test_client().post("/hooks/signalwire/P1", data=body, headers={"X-SignalWire-Signature": signed})
    assert answer.json == {"new": 2}
    assert call("GET", "/deliveries/orphans").json["texts"] == 0
