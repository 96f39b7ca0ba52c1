import pytest

from archive.access.organisations import OrganisationRow
from archive.wiring import Archive
from tests.taking_in import OTHER, OWN, own_number, take_in, text


def test_an_opt_out_is_added_listed_and_withdrawn(call, archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation)
    body = {"party": "(415) 555-0188", "own_number": OWN, "note": "On the telephone"}
    added = call("POST", "/opt-outs", json=body)
    assert added.status_code == 201
    assert (added.json["party"], added.json["own_number"], added.json["due_on"]) == (OTHER, OWN, "2026-12-08")
    assert call("POST", "/opt-outs", json=body).status_code == 409
    assert call("GET", "/opt-outs").json == {"opt_outs": [added.json], "everywhere": False, "next": None}
    address = f"/opt-outs/{added.json['entry']}"
    assert call("GET", address).json == added.json
    assert call("POST", f"{address}/withdraw", json={"note": "Signed again"}).json == added.json
    assert call("GET", address).status_code == 404
    assert call("GET", "/opt-outs").json["opt_outs"] == []


def test_what_was_texted_is_listed_with_its_violations_page_by_page(
    call, archive: Archive, organisation: OrganisationRow
) -> None:
    own_number(archive, organisation)
    out = {"direction": "outbound", "from": OWN, "to": [OTHER]}
    take_in(archive, organisation, [text(1, "Stop!"), text(30, "But why?", **out)])
    take_in(archive, organisation, [text(2, "stop", **{"from": "+14155550177"})])
    first = call("GET", "/opt-outs", query_string={"limit": 1}).json
    rest = call("GET", "/opt-outs", query_string={"after": first["next"]}).json
    assert [one["party"] for one in first["opt_outs"] + rest["opt_outs"]] == ["+14155550177", OTHER]
    for party, entries in ((OTHER, rest["opt_outs"]), ("(415) 555-0188", rest["opt_outs"]), ("+14155550166", [])):
        assert call("GET", "/opt-outs", query_string={"party": party}).json["opt_outs"] == entries
    found = call("GET", "/opt-outs/violations").json
    assert found["count"] == 1
    assert (found["violations"][0]["party"], found["violations"][0]["days"]) == (OTHER, 0)
    (hit,) = call("GET", "/search", query_string={"q": "flag:after-opt-out"}).json["hits"]
    assert hit["serial"] == found["violations"][0]["serial"]


def test_a_suspicion_is_decided(call, archive: Archive, organisation: OrganisationRow) -> None:
    (serial,) = take_in(archive, organisation, [text(1, "Please take me off your list")])
    (waiting,) = call("GET", "/opt-outs/suspicions").json["suspicions"]
    assert (waiting["serial"], waiting["means"]) == (serial, "opt-out")
    assert call("POST", f"/opt-outs/suspicions/{serial}", json={"confirmed": True}).json == {"suspicions": []}
    assert call("POST", f"/opt-outs/suspicions/{serial}", json={"confirmed": True}).status_code == 409
    assert [one["serial"] for one in call("GET", "/opt-outs").json["opt_outs"]] == [serial]


def test_the_reach_is_set(call) -> None:
    assert call("POST", "/opt-outs/reach", json={"everywhere": True}).json == {"everywhere": True}
    assert call("GET", "/opt-outs").json["everywhere"] is True


@pytest.mark.parametrize(
    "body",
    [{}, [], {"party": OTHER}, {"party": 5, "note": "x"}, {"party": "x", "note": "x"}, {"party": OTHER, "note": ""}],
)
def test_what_cannot_be_read_is_refused(call, body: object) -> None:
    answer = call("POST", "/opt-outs", json=body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_scopes_and_what_is_not_there_are_refused(call, call_with) -> None:
    assert call("POST", "/opt-outs/5/withdraw", json={"note": "x"}).status_code == 404
    assert call("POST", "/opt-outs/suspicions/5", json={"confirmed": True}).status_code == 404
    reader, stranger = call_with("optouts.read"), call_with("numbers.read")
    assert reader("GET", "/opt-outs").status_code == 200
    for path, body in (("", {"party": OTHER, "note": "x"}), ("/reach", {"everywhere": True}), ("/suspicions/5", {})):
        assert reader("POST", f"/opt-outs{path}", json=body).status_code == 403
    assert [stranger("GET", f"/opt-outs{path}").status_code for path in ("", "/violations", "/suspicions")] == [403] * 3
