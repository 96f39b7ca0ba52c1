import pytest


def test_a_number_is_added_listed_and_authorised(call) -> None:
    added = call("POST", "/numbers", json={"number": "(212) 555-0123", "location": "Austin", "label": "Desk"})
    assert added.status_code == 201
    assert (added.json["number"], added.json["state"]) == ("+12125550123", "unauthorised")
    changed = call("POST", f"/numbers/{added.json['id']}/state", json={"state": "authorised"})
    assert changed.status_code == 200
    assert call("GET", "/numbers").json == {"numbers": [changed.json]}
    assert changed.json["state"] == "authorised"


def test_a_number_is_added_once(call) -> None:
    body = {"number": "+12125550123", "state": "authorised"}
    assert call("POST", "/numbers", json=body).json["state"] == "authorised"
    assert call("POST", "/numbers", json=body).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"number": 5},
        {"number": "+44 20 7946 0958"},
        {"number": "+12125550123", "state": "x"},
        {"number": "+12125550123", "label": "a\x00b"},
        {"number": "+12125550123", "owner": "x"},
        [],
    ],
)
def test_what_cannot_be_read_is_refused(call, body: object) -> None:
    answer = call("POST", "/numbers", json=body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_a_body_that_is_no_json_is_refused(call) -> None:
    for body in (b"", b"{", b"\xff", b'{"number": "\\ud83d"}'):
        assert call("POST", "/numbers", data=body).status_code == 400


def test_scopes_and_absent_numbers_are_refused(call, call_with) -> None:
    assert call("POST", "/numbers/num_none/state", json={"state": "released"}).status_code == 404
    reader = call_with("numbers.read")
    assert reader("GET", "/numbers").status_code == 200
    assert reader("POST", "/numbers", json={"number": "+12125550123"}).status_code == 403


def test_a_number_says_what_it_was_at_a_moment(call, archive) -> None:
    start = archive.clock()
    added = call("POST", "/numbers", json={"number": "+12125550123", "location": "Austin", "label": "Kit"}).json
    archive.clock.advance(days=1)
    moved = call("POST", f"/numbers/{added['id']}/assignment", json={"label": "Dana", "reason": "Kit has left"})
    assert moved.json["label"] == "Dana"
    whole = call("GET", "/numbers/(212) 555-0123").json
    assert [(each["label"], each["reason"]) for each in whole["history"]] == [("Dana", "Kit has left"), ("Kit", "")]
    assert whole["then"] == whole["history"][0]
    assert whole["history"][1]["until"] == whole["history"][0]["since"]

    def then(at: str):
        return call("GET", "/numbers/+12125550123", query_string={"at": at}).json["then"]

    assert then(start.isoformat())["label"] == "Kit"
    assert then("2020-01-01T00:00:00Z") is None
    assert call("GET", "/numbers/+12125550199").status_code == 404
    for wrong in ("yesterday", "2026-11-23T09:00:00", "2026-11-23"):
        assert call("GET", "/numbers/+12125550123", query_string={"at": wrong}).status_code == 400


def test_a_move_that_the_table_does_not_have_is_a_conflict(call) -> None:
    added = call("POST", "/numbers", json={"number": "+12125550123"}).json
    refused = call("POST", f"/numbers/{added['id']}/state", json={"state": "registered"})
    assert refused.status_code == 409
    assert "authorised" in refused.json["next_step"]
    assert call("POST", "/numbers", json={"number": "+12125550124", "state": "registered"}).status_code == 400


def test_a_table_of_numbers_is_looked_at_and_then_taken_in(call) -> None:
    table = b"number,location,state\n(212) 555-0123,Austin,authorised\n+442079460958,London,\n"
    dry = call("POST", "/numbers/import", data=table, query_string={"dry_run": "true"}).json
    assert (dry["added"], dry["refused"], dry["lines"][0]["subject"]) == (1, 1, "+12125550123")
    assert "Type it like" in dry["lines"][1]["why"]
    assert call("GET", "/numbers").json["numbers"] == []
    assert call("POST", "/numbers/import", data=table).json == {**dry, "dry_run": False}
    assert [one["state"] for one in call("GET", "/numbers").json["numbers"]] == ["authorised"]
