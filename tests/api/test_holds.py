import json

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import NotPermitted
from archive.holds.releasing import approve_release
from archive.wiring import Archive
from tests.taking_in import take_in, text, trail

OTHER = "+14155550188"


@pytest.fixture
def serials(archive: Archive, organisation: OrganisationRow) -> list[int]:
    return take_in(archive, organisation, [text(0, "The refund is late"), text(1, "Good morning")])


def new_hold(**changes: object) -> dict[str, object]:
    return {"matter": "Miller v. Harbour", "reason": "Letter of counsel", "query": "refund*", **changes}


def test_a_hold_is_previewed_placed_and_read(call, serials: list[int]) -> None:
    seen = call("POST", "/holds/preview", json={"query": "refund*", "parties": ["(415) 555-0188"]})
    assert seen.json == {"covered": 1, "held": 0, "soon": 0, "being_destroyed": 0}
    placed = call("POST", "/holds", json=new_hold(parties=[OTHER], reference="26-CV-0417"))
    assert placed.status_code == 201
    assert (placed.json["preserved"], placed.json["being_destroyed"]) == (1, 0)
    shown = call("GET", f"/holds/{placed.json['id']}").json
    assert shown["query"] == f"refund* with:{OTHER}"
    assert shown["matter"] == {"id": placed.json["matter"], "name": "Miller v. Harbour", "reference": "26-CV-0417"}
    assert (shown["state"], shown["standing"], shown["texts"]) == ("in-force", True, 1)
    assert {name: shown["release"][name] for name in ("covered", "freed", "planned")} == {
        "covered": 1,
        "freed": 1,
        "planned": 0,
    }
    listed = call("GET", "/holds").json["holds"]
    assert [(one["id"], one["release"]) for one in listed] == [(shown["id"], None)]


def test_a_text_says_why_it_is_here(call, call_with, serials: list[int]) -> None:
    free = call("GET", f"/messages/{serials[1]}/retention").json
    assert (free["because"], free["until"], free["policy"], free["anchor"]) == ("policy", free["due_at"], 1, "received")
    assert (
        free["why"]
        == "It goes on 2027-12-28, because policy version 1 keeps a text for 400 days after it was received."
    )
    hold_id = call("POST", "/holds", json=new_hold()).json["id"]
    held = call("GET", f"/messages/{serials[0]}/retention").json
    assert (held["because"], held["until"]) == ("held", None)
    assert held["holds"] == [{"id": hold_id, "matter": "Miller v. Harbour"}]
    assert "held for Miller v. Harbour" in held["why"]
    unnamed = call_with("retention.read")("GET", f"/messages/{serials[0]}/retention").json
    assert unnamed["holds"] == [{"id": hold_id, "matter": None}]
    assert "Miller" not in json.dumps(unnamed)
    assert call("GET", "/messages/999999/retention").status_code == 404


def test_held_texts_are_found(call, serials: list[int]) -> None:
    call("POST", "/holds", json=new_hold())
    found = {answer: call("GET", f"/search?q=held:{answer}").json for answer in ("yes", "no")}
    assert [hit["serial"] for hit in found["yes"]["hits"]] == serials[:1]
    assert [hit["serial"] for hit in found["no"]["hits"]] == serials[1:]
    assert [found[answer]["count"] for answer in ("yes", "no")] == [1, 1]


def test_a_program_asks_for_a_release_and_a_person_allows_it(
    call, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    hold_id = call("POST", "/holds", json=new_hold()).json["id"]
    assert call("POST", f"/holds/{hold_id}/release", json={"reason": ""}).status_code == 400
    asked = call("POST", f"/holds/{hold_id}/release", json={"reason": "Settled"})
    assert (asked.status_code, asked.json["state"]) == (200, "release-asked")
    assert asked.json["asked_by"].startswith("key:")
    assert call("POST", f"/holds/{hold_id}/release", json={"reason": "Settled"}).status_code == 409
    taken_back = call("POST", f"/holds/{hold_id}/release/refuse")
    assert taken_back.json["state"] == "in-force"
    assert call("POST", f"/holds/{hold_id}/release/refuse").status_code == 409
    call("POST", f"/holds/{hold_id}/release", json={"reason": "Settled"})
    assert trail(archive, organisation, "hold.release-asked")[0].private == {"reason": "Settled"}


def test_whoever_made_the_key_is_the_person_behind_it(
    call, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    """The key of these tests was made by the operator."""
    hold_id = call("POST", "/holds", json=new_hold()).json["id"]
    call("POST", f"/holds/{hold_id}/release", json={"reason": "Settled"})
    with archive.transactions.write(organisation.id, OPERATOR) as tx, pytest.raises(NotPermitted):
        approve_release(tx, hold_id, 1)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"matter": "x", "query": "refund"},
        new_hold(query=""),
        new_hold(query="held:yes"),
        new_hold(query='"open'),
        new_hold(parties=["+1 415"]),
        new_hold(serials=[0]),
        new_hold(serials=["1"]),
        new_hold(conversation_of=2**63),
        new_hold(matter=" "),
        new_hold(more="x"),
        [],
    ],
)
def test_what_says_too_little_or_too_much_is_refused(call, body: object) -> None:
    answer = call("POST", "/holds", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"


def test_a_conversation_that_is_not_there_is_not_found(call, serials: list[int]) -> None:
    assert call("POST", "/holds", json=new_hold(conversation_of=999_999)).status_code == 404
    placed = call("POST", "/holds", json=new_hold(query="", conversation_of=serials[0]))
    assert placed.json["preserved"] == 2


def test_scopes_are_asked_for(call_with) -> None:
    reader = call_with("holds.read")
    assert reader("GET", "/holds").status_code == 200
    assert reader("POST", "/holds", json=new_hold()).status_code == 403
    assert reader("POST", "/holds/preview", json={"query": "refund"}).status_code == 403
    assert reader("POST", "/holds/hld_1/release", json={"reason": "x"}).status_code == 403
    assert reader("GET", "/holds/hld_1").status_code == 404
