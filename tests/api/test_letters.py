import base64

import pytest

from archive.core.actor import OPERATOR
from archive.letters.model import Letter
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from tests.letters import papers
from tests.letters.signing import NEEDS, OTHER_NEEDS, sign


@pytest.fixture
def letter(archive, organisation) -> Letter:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for number in (NEEDS, OTHER_NEEDS):
            add_number(tx, number, state=NumberState.LOA_REQUIRED)
    return sign(archive, organisation, NEEDS, OTHER_NEEDS)


def test_letters_are_listed_without_and_shown_with_their_evidence(call, letter) -> None:
    (listed,) = call("GET", "/letters").json["letters"]
    assert (listed["id"], listed["state"], listed["evidence"]) == (letter.id, "fresh", None)
    shown = call("GET", f"/letters/{letter.id}").json
    assert shown["numbers"] == [NEEDS, OTHER_NEEDS]
    assert shown["evidence"]["signer"]["last_name"] == "Whitfield"
    assert shown["evidence"]["text"] == letter.evidence.text
    assert shown["fresh_until"] == "2026-12-23T09:00:00Z"


def test_file_and_words_are_handed_out(call, letter) -> None:
    assert call("GET", f"/letters/{letter.id}/letter.pdf").data.startswith(b"%PDF")
    assert call("GET", f"/letters/{letter.id}/letter.txt").get_data(as_text=True) == letter.evidence.text


def test_a_letter_is_verified(call, letter) -> None:
    assert call("GET", f"/letters/{letter.id}/verification").json == {"letter": letter.id, "good": True, "faults": []}


def test_a_letter_is_revoked_with_what_rests_on_it(call, letter) -> None:
    done = call("POST", f"/letters/{letter.id}/revoke", json={"reason": "Dana has left"})
    assert done.json == {"letter": letter.id, "withdrawn": [NEEDS, OTHER_NEEDS]}
    assert call("POST", f"/letters/{letter.id}/revoke", json={"reason": "Again"}).status_code == 409
    shown = call("GET", f"/letters/{letter.id}").json
    assert (shown["state"], shown["endings"][0]["reason"]) == ("revoked", "Dana has left")
    history = call("GET", f"/numbers/{NEEDS}").json["history"]
    assert [each["letter"] for each in history] == [None, None, letter.id, None]


def test_what_may_not_or_can_not_be_is_refused(call, call_with, letter) -> None:
    reader = call_with("letters.read")
    assert reader("GET", "/letters").status_code == 200
    assert reader("POST", f"/letters/{letter.id}/revoke", json={"reason": "x"}).status_code == 403
    assert call_with("numbers.read")("GET", "/letters").status_code == 403
    assert call("GET", "/letters/loa_none").status_code == 404
    for wrong in ({}, {"reason": ""}, {"reason": "x" * 501}):
        assert call("POST", f"/letters/{letter.id}/revoke", json=wrong).status_code == 400


def test_the_policy_of_letters_is_read_and_made_longer(call, call_with) -> None:
    assert call("GET", "/letters/policy").json == {"valid_days": None, "keep_years": 4}
    longer = {"valid_days": 365, "keep_years": 6}
    assert call("POST", "/letters/policy", json=longer).json == longer
    assert call("POST", "/letters/policy", json={"valid_days": None, "keep_years": 5}).status_code == 409
    assert call("POST", "/letters/policy", json={"valid_days": 3, "keep_years": 6}).status_code == 400
    assert call_with("letters.manage")("POST", "/letters/policy", json=longer).status_code == 403


def test_a_letter_on_paper_is_handed_in(call, call_with, letter) -> None:
    raw = papers.scan()
    call("POST", f"/letters/{letter.id}/revoke", json={"reason": "A new one is signed"})
    body = {
        "pdf": base64.b64encode(raw).decode(),
        "signed_on": "2026-11-20",
        "numbers": ["(212) 555-0123"],
        "signer": {"first_name": "Dana", "last_name": "Whitfield", "title": "COO"},
        "subscriber": {"legal_name": "Harbour Wealth"},
        "provider": "Twilio",
    }
    assert call_with("letters.read")("POST", "/letters", json=body).status_code == 403
    taken = call("POST", "/letters", json=body)
    assert taken.status_code == 201
    assert (taken.json["form"], taken.json["state"], taken.json["numbers"]) == ("paper", "fresh", [NEEDS])
    assert call("GET", f"/letters/{taken.json['id']}/letter.pdf").data == raw
    assert call("GET", f"/letters/{taken.json['id']}/letter.txt").status_code == 404
    assert call("POST", "/letters", json=body).status_code == 409
    script = {**body, "pdf": base64.b64encode(papers.with_script()).decode()}
    refused = call("POST", "/letters", json=script)
    assert (refused.status_code, refused.json["type"]) == (400, "/problems/bad-paper")
    large = {**body, "pdf": base64.b64encode(b"%PDF-" + b"0" * 5_500_000).decode()}
    assert call("POST", "/letters", json=large).status_code == 400
    assert call("POST", "/letters", json={**body, "numbers": ["nobody"]}).status_code == 404


def test_a_provider_s_form_is_filled(call, letter) -> None:
    webex = call("GET", f"/letters/{letter.id}/fields", query_string={"form": "webex_business_texting"}).json
    assert webex["complete"] is True
    assert webex["fields"][0] == {"name": "first name", "value": "Dana", "missing": ""}
    assert call("GET", f"/letters/{letter.id}/fields", query_string={"form": "acme"}).status_code == 400
    assert call("GET", f"/letters/{letter.id}/fields").status_code == 400
