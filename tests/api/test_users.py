"""Users as programs use them."""

import pytest


def test_a_user_is_added_changed_and_shown_with_the_numbers(call, archive) -> None:
    call("POST", "/numbers", json={"number": "+12125550123", "location": "Austin"})
    body = {"name": "Dana", "email": "dana@harbour.example", "location": "AUSTIN", "primary_number": "(212) 555-0123"}
    added = call("POST", "/users", json=body)
    assert added.status_code == 201
    assert (added.json["location"], added.json["primary_number"]) == ("Austin", "+12125550123")
    number = call("GET", "/numbers/+12125550123").json
    assert (number["number"]["label"], number["number"]["user_id"]) == ("Dana", added.json["id"])
    assert [each["user_id"] for each in number["history"]] == [added.json["id"], None]
    archive.clock.advance(days=1)
    changed = call("PATCH", f"/users/{added.json['id']}", json={"extension": "4711", "primary_number": ""})
    assert (changed.json["extension"], changed.json["primary_number"]) == ("4711", "")
    shown = call("GET", f"/users/{added.json['id']}").json
    assert shown["user"] == changed.json
    assert [(each["number"], each["until"]) for each in shown["held"]] == [("+12125550123", None)]
    assert call("GET", "/users").json == {"users": [changed.json]}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"name": "Kit", "email": "dana@harbour.example"}, 409),
        ({"name": "Kit", "email": "x"}, 400),
        ({"name": "Kit", "primary_number": "+12125550199"}, 400),
        ({"name": "Kit", "colour": "x"}, 400),
    ],
)
def test_what_cannot_be_is_refused(call, body: object, status: int) -> None:
    call("POST", "/users", json={"name": "Dana", "email": "dana@harbour.example"})
    answer = call("POST", "/users", json=body)
    assert answer.status_code == status
    assert answer.json["next_step"]


def test_scopes_and_absent_users_are_refused(call, call_with) -> None:
    assert call("PATCH", "/users/usr_none", json={}).status_code == 404
    assert call("GET", "/users/usr_none").status_code == 404
    reader = call_with("numbers.read")
    assert reader("GET", "/users").status_code == 200
    assert reader("POST", "/users", json={"name": "Dana"}).status_code == 403
    assert reader("POST", "/users/import", data=b"name\nDana\n").status_code == 403


def test_a_table_of_users_is_taken_in(call) -> None:
    done = call("POST", "/users/import", data=b"name,email\nDana,dana@harbour.example\nKit,x\n").json
    assert (done["added"], done["refused"]) == (1, 1)
    assert [one["name"] for one in call("GET", "/users").json["users"]] == ["Dana"]
