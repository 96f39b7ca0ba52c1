import json

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.ledger.note import VerifierKey
from archive.ledger.proofs import check_proof
from archive.wiring import Archive
from tests.api.conftest import caller_with
from tests.taking_in import HOSTILE, OWN, take_in, take_in_hostile, text, trail


def test_a_text_is_read_with_its_commitment_and_what_else_came_with_it(
    call, archive: Archive, organisation: OrganisationRow
) -> None:
    more = {"from": "(415) 555-0188", "carrier": {"name": "example"}}
    serial = take_in(archive, organisation, [text(1, "hello", **more)])[0]
    read = call("GET", f"/messages/{serial}").json
    assert read["serial"] == serial
    assert read["from"] == "+14155550188"
    assert read["as_received"] == {"from": "(415) 555-0188"}
    assert read["extra"] == {"carrier": {"name": "example"}}
    assert read["marks"] == []
    assert len(bytes.fromhex(read["commitment"])) == 32
    hit = call("GET", "/search").json["hits"][0]
    assert read.keys() - hit.keys() == {"commitment", "as_received", "extra", "deliveries", "number_then"}
    assert {name: read[name] for name in hit} == hit


def test_a_text_says_what_our_number_was_at_its_time(call, archive: Archive, organisation: OrganisationRow) -> None:
    number = call("POST", "/numbers", json={"number": OWN, "location": "Austin", "label": "Kit"}).json
    now = archive.clock().isoformat()
    serials = take_in(archive, organisation, [text(1, "early"), {**text(2, "on time"), "sent_at": now}])
    archive.clock.advance(days=1)  # type: ignore[attr-defined]
    user = call("POST", "/users", json={"name": "Dana", "primary_number": OWN}).json["id"]
    call("POST", f"/numbers/{number['id']}/state", json={"state": "authorised"})
    serials += take_in(archive, organisation, [{**text(3, "late"), "sent_at": archive.clock().isoformat()}])
    early, on_time, late = (call("GET", f"/messages/{serial}").json["number_then"] for serial in serials)
    assert early is None, "the number had not been entered"
    assert [on_time[name] for name in ("label", "user_id", "state", "location")] == [
        "Kit",
        None,
        "unauthorised",
        "Austin",
    ]
    assert [late[name] for name in ("label", "user_id", "state", "campaign")] == ["Dana", user, "authorised", None]


def test_reading_is_recorded(call, archive: Archive, organisation: OrganisationRow) -> None:
    first, second = take_in(archive, organisation, [text(1, "hello"), text(2, "there")])
    call("GET", f"/messages/{second}")
    (viewed,) = trail(archive, organisation, "message.viewed")
    assert (viewed.subject, viewed.actor[:4]) == (f"message:{second}", "key:")
    assert str(first) not in str(viewed.detail)


def test_a_proof_is_checked_with_the_public_key_alone(call, archive: Archive, organisation: OrganisationRow) -> None:
    key = VerifierKey.parse(call("GET", "/integrity").json["public_key"])
    serials = take_in_hostile(archive, organisation)
    for name, serial in serials.items():
        answer = call("GET", f"/messages/{serial}/proof")
        proven = check_proof(answer.text, key)
        assert proven.record["content"].get("text", "") == HOSTILE.get(name, "")
        commitment = call("GET", f"/messages/{serial}").json["commitment"]
        assert proven.leaf["commit"] == commitment
    assert len(trail(archive, organisation, "proof.made")) == len(serials)


@pytest.mark.parametrize("serial", ["1", "4711", str(2**63 - 1), str(2**63), "x", "-1"])
def test_what_is_no_text_is_not_found(call, serial: str) -> None:
    for path in (f"/messages/{serial}", f"/messages/{serial}/proof"):
        answer = call("GET", path)
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"


def test_texts_of_others_are_not_found(app, call, archive: Archive, organisation: OrganisationRow) -> None:
    serials = take_in(archive, organisation, [text(number, "secret") for number in range(40)])
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    stranger = caller_with(app, archive, other, "*")
    assert stranger("GET", f"/messages/{serials[-1]}").status_code == 404
    assert stranger("GET", f"/messages/{serials[-1]}/proof").status_code == 404
    assert stranger("GET", "/search").json["hits"] == []
    assert trail(archive, organisation, "message.viewed") == []
    assert call("GET", f"/messages/{serials[-1]}").status_code == 200


def test_reading_and_bringing_in_are_different_scopes(
    call_with, archive: Archive, organisation: OrganisationRow
) -> None:
    serial = take_in(archive, organisation, [text(1, "hello")])[0]
    writer, reader = call_with("messages.write"), call_with("messages.read")
    assert writer("GET", f"/messages/{serial}").status_code == 403
    assert writer("GET", f"/messages/{serial}/proof").status_code == 403
    assert reader("GET", f"/messages/{serial}").status_code == 200
    assert reader("POST", "/messages", json=text(2, "x")).status_code == 403


def test_what_is_posted_is_read_again(call) -> None:
    lines = "\n".join(json.dumps(text(number, words)) for number, words in enumerate(HOSTILE.values()))
    answer = call("POST", "/messages", data=lines, content_type="application/x-ndjson")
    assert answer.status_code == 201
    for outcome, words in zip(answer.json["outcomes"], HOSTILE.values(), strict=True):
        assert call("GET", f"/messages/{outcome['serial']}").json["text"] == words
