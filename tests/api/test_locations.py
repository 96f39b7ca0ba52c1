"""Locations, and tables of anything, as programs use them."""

import pytest


def test_a_location_is_added_changed_and_shown_with_its_numbers(call) -> None:
    body = {"name": "Austin", "country": "us", "pstn": "provider", "street": "200 Congress Ave"}
    added = call("POST", "/locations", json=body)
    assert added.status_code == 201
    assert (added.json["country"], added.json["numbers"], added.json["city"]) == ("US", [], "")
    call("POST", "/numbers", json={"number": "+12125550123", "location": "austin"})
    address = f"/locations/{added.json['id']}"
    assert call("GET", address).json["numbers"] == ["+12125550123"]
    changed = call("PATCH", address, json={"name": "Austin HQ", "pstn": None})
    assert changed.status_code == 200
    assert (changed.json["name"], changed.json["pstn"], changed.json["street"]) == ("Austin HQ", None, body["street"])
    assert call("GET", "/locations").json == {"locations": [changed.json]}
    assert call("GET", "/numbers").json["numbers"][0]["location"] == "Austin HQ"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"name": ""}, 400),
        ({"name": "Austin"}, 409),
        ({"name": "Boston", "country": "USA"}, 400),
        ({"name": "Boston", "pstn": "x"}, 400),
        ({"name": "Boston", "colour": "x"}, 400),
    ],
)
def test_what_cannot_be_is_refused(call, body: object, status: int) -> None:
    call("POST", "/locations", json={"name": "Austin"})
    answer = call("POST", "/locations", json=body)
    assert answer.status_code == status
    assert answer.json["next_step"]


def test_scopes_and_absent_locations_are_refused(call, call_with) -> None:
    assert call("PATCH", "/locations/loc_none", json={}).status_code == 404
    assert call("GET", "/locations/loc_none").status_code == 404
    reader = call_with("numbers.read")
    assert reader("GET", "/locations").status_code == 200
    assert reader("POST", "/locations", json={"name": "Austin"}).status_code == 403
    assert reader("POST", "/locations/import", data=b"name\nAustin\n").status_code == 403


def test_a_table_is_looked_at_and_then_taken_in(call) -> None:
    def send(path: str, **more: object):
        return call("POST", path, data=b"name,country\nAustin,US\nBoston,USA\n", content_type="text/csv", **more)

    dry = send("/locations/import", query_string={"dry_run": "true"}).json
    assert (dry["dry_run"], dry["added"], dry["refused"]) == (True, 1, 1)
    assert call("GET", "/locations").json == {"locations": []}
    done = send("/locations/import").json
    assert done == {**dry, "dry_run": False}
    assert [line["subject"] for line in done["lines"]] == ["Austin", "Boston"]
    assert [one["name"] for one in call("GET", "/locations").json["locations"]] == ["Austin"]


def test_a_table_that_can_not_be_read_or_is_too_large_is_refused_whole(call) -> None:
    assert call("POST", "/locations/import", data=b"x,y\n").status_code == 400
    assert call("POST", "/locations/import", data=b"name\n" + b"x" * 5_000_000).status_code == 413
    assert call("POST", "/locations/import", data=b"name\n\xff").status_code == 400
