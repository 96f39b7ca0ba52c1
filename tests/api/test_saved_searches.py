from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.wiring import Archive
from tests.taking_in import take_in, text


@pytest.fixture
def wires(call) -> dict[str, Any]:
    answer = call("POST", "/saved-searches", json={"name": "Wires", "q": "wire -test", "order": "best"})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


def test_what_a_program_saves_it_lists_changes_runs_and_deletes(
    call, wires: dict[str, Any], archive: Archive, organisation: OrganisationRow
) -> None:
    assert (wires["name"], wires["q"], wires["order"], wires["shared"]) == ("Wires", "wire -test", "best", False)
    assert wires["owner"].startswith("key:") and wires["may_change"] is True
    assert call("GET", "/saved-searches").json == {"saved_searches": [wires]}
    address = f"/saved-searches/{wires['id']}"
    changed = call("POST", address, json={"name": "Wires of ours", "shared": True}).json
    assert (changed["name"], changed["shared"], changed["q"]) == ("Wires of ours", True, "wire -test")
    serial = take_in(archive, organisation, [text(1, "a wire")])[0]
    page = call("GET", "/search", query_string={"q": changed["q"], "order": changed["order"]}).json
    assert [hit["serial"] for hit in page["hits"]] == [serial]
    assert call("DELETE", address).json["name"] == "Wires of ours"
    assert call("GET", "/saved-searches").json == {"saved_searches": []}
    for method in ("POST", "DELETE"):
        assert call(method, address, json={}).status_code == 404


def test_another_key_sees_it_when_it_is_shared_and_may_not_change_it(call, call_with, wires: dict[str, Any]) -> None:
    other = call_with("messages.search")
    address = f"/saved-searches/{wires['id']}"
    assert other("GET", "/saved-searches").json == {"saved_searches": []}
    assert other("DELETE", address).status_code == 404
    call("POST", address, json={"shared": True})
    (seen,) = other("GET", "/saved-searches").json["saved_searches"]
    assert (seen["id"], seen["may_change"]) == (wires["id"], False)
    assert other("DELETE", address).status_code == 403


def test_a_key_without_the_scope_is_refused(call_with) -> None:
    call = call_with("messages.read")
    assert call("GET", "/saved-searches").status_code == 403
    assert call("POST", "/saved-searches", json={"name": "x", "q": "y"}).status_code == 403
    assert call("POST", "/search/statements", json={"q": "y"}).status_code == 403


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"name": "Wires", "q": "frm:x"}, 400, "bad-query"),
        ({"name": " ", "q": "x"}, 400, "bad-input"),
        ({"name": "x" * 101, "q": "x"}, 400, "bad-input"),
        ({"name": "x"}, 400, "bad-input"),
        ({"name": "x", "q": "x", "order": "sideways"}, 400, "bad-input"),
        ({"name": "x", "q": "x", "sort": "best"}, 400, "bad-input"),
        ({"name": "x", "q": "x" * 2_001}, 400, "bad-query"),
        ({"name": "wires", "q": "x"}, 409, "conflict"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_with_a_reason(
    call, wires: dict[str, Any], body: dict[str, Any], status: int, kind: str
) -> None:
    answer = call("POST", "/saved-searches", json=body)
    assert (answer.status_code, answer.json["type"]) == (status, f"/problems/{kind}")
    assert len(call("GET", "/saved-searches").json["saved_searches"]) == 1
