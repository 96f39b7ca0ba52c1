import pytest

from archive.core.actor import OPERATOR
from archive.letters.model import Letter
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
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
