import pytest

from archive.access.organisations import OrganisationRow
from archive.wiring import Archive
from tests.taking_in import take_in, text


def test_policies_are_listed_and_made_longer(call) -> None:
    before = call("GET", "/retention/policies").json
    assert [(one["version"], one["days"], one["years"]) for one in before["policies"]] == [(1, 400, None)]
    made = call("POST", "/retention/policies", json={"years": 3})
    assert made.status_code == 201
    number = call("POST", "/retention/policies", json={"years": 6, "number": "(212) 555-0123"}).json
    assert number["number"] == "+12125550123"
    after = call("GET", "/retention/policies").json["policies"]
    assert after == [made.json, number]


def test_a_shorter_one_is_proposed_and_says_what_goes_sooner(
    call, archive: Archive, organisation: OrganisationRow
) -> None:
    call("POST", "/retention/policies", json={"years": 3})
    take_in(archive, organisation, [text(0, "Hello")])
    refused = call("POST", "/retention/policies", json={"days": 400})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/conflict")
    proposed = call("POST", "/retention/proposals", json={"days": 400, "existing": True})
    assert proposed.status_code == 201
    said = {name: proposed.json[name] for name in ("days", "existing", "sooner", "planned", "first")}
    assert said == {"days": 400, "existing": True, "sooner": 1, "planned": 0, "first": "2027-12-28"}
    assert call("GET", "/retention/policies").json["proposals"] == [proposed.json]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"days": 399},
        {"days": 400, "years": 3},
        {"years": 1},
        {"years": 3, "number": "+1", "campaign": "C"},
        {"x": 1},
    ],
)
def test_what_is_no_policy_is_refused(call, body: object) -> None:
    for path in ("/retention/policies", "/retention/proposals"):
        assert call("POST", path, json=body).status_code == 400


def test_scopes_are_asked_for(call_with) -> None:
    reader = call_with("retention.read")
    assert reader("GET", "/retention/policies").status_code == 200
    assert reader("POST", "/retention/policies", json={"years": 3}).status_code == 403
    assert reader("POST", "/retention/proposals", json={"days": 400}).status_code == 403
