import pytest

from tests.campaigns.making import BRAND, CAMPAIGN


@pytest.fixture
def brand_id(call) -> str:
    added = call("POST", "/brands", json={"fields": BRAND})
    assert (added.status_code, added.json["gaps"]) == (201, {})
    return added.json["id"]


@pytest.fixture
def campaign(call, brand_id):
    return call("POST", "/campaigns", json={"brand_id": brand_id, "name": "Care", "fields": CAMPAIGN}).json


def test_a_campaign_is_drafted_submitted_registered_and_lets_its_numbers_text(call, campaign) -> None:
    assert (campaign["active"], campaign["because"], campaign["gaps"]) == (False, "It is a draft.", {})
    path = f"/campaigns/{campaign['id']}"
    number = call("POST", "/numbers", json={"number": "+12125550123", "state": "authorised"}).json
    call("POST", f"{path}/numbers", json={"numbers": ["(212) 555-0123"]})
    assert call("POST", f"{path}/state", json={"level": "registry", "state": "submitted"}).json["locked"]
    assert call("POST", f"{path}/registration", json={"registry_id": "CT8MUVN"}).json["registry_id"] == "CT8MUVN"
    for level, state in (("registry", "active"), ("provider", "accepted"), ("dca", "complete")):
        answer = call("POST", f"{path}/state", json={"level": level, "state": state, "reason": "By telephone"})
    assert (answer.json["active"], answer.json["numbers"]) == (True, ["+12125550123"])
    history = call("GET", "/numbers/+12125550123").json
    assert (history["number"]["state"], history["number"]["campaign"]) == ("registered", campaign["id"])
    assert call("GET", "/campaigns").json["campaigns"] == [answer.json]
    steps = call("GET", f"{path}/steps").json["steps"]
    assert [step["state"] for step in steps] == ["complete", "accepted", "active", "submitted"]
    removed = call("POST", f"{path}/numbers/remove", json={"numbers": [number["id"]]})
    assert removed.json["numbers"] == []


def test_a_number_can_not_be_registered_by_hand(call) -> None:
    number = call("POST", "/numbers", json={"number": "+12125550123", "state": "authorised"}).json
    refused = call("POST", f"/numbers/{number['id']}/state", json={"state": "registered"})
    assert refused.status_code == 409
    assert "registered" not in refused.json["next_step"]


def test_a_brand_is_changed_and_registered(call, brand_id) -> None:
    changed = call("PUT", f"/brands/{brand_id}", json={"fields": {**BRAND, "city": ""}})
    assert changed.json["gaps"] == {"city": "Fill this in."}
    noted = call("POST", f"/brands/{brand_id}/registration", json={"registry_id": "BUTNE6G", "score": 60})
    assert (noted.json["registry_id"], noted.json["score"]) == ("BUTNE6G", 60)
    assert call("GET", f"/brands/{brand_id}").json == noted.json
    assert [brand["id"] for brand in call("GET", "/brands").json["brands"]] == [brand_id]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/brands", {}, 400),
        ("POST", "/brands", {"fields": {}}, 400),
        ("POST", "/brands", {"fields": {"displayName": "x" * 101}}, 400),
        ("POST", "/brands", {"fields": {"displayName": 5}}, 400),
        ("PUT", "/brands/brd_none", {"fields": BRAND}, 404),
        ("POST", "/brands/brd_none/registration", {"identity": "SPLENDID"}, 400),
        ("POST", "/campaigns", {"brand_id": "brd_none", "name": "Care", "fields": {}}, 404),
        ("GET", "/campaigns/cmp_none", None, 404),
        ("GET", "/campaigns/cmp_none/steps", None, 404),
        ("POST", "/campaigns/cmp_none/state", {"level": "moon", "state": "full"}, 400),
        ("POST", "/campaigns/cmp_none/numbers", {"numbers": []}, 400),
    ],
)
def test_what_can_not_be_read_or_found_is_refused(call, method: str, path: str, body: object, status: int) -> None:
    assert call(method, path, json=body).status_code == status


def test_wrong_fields_are_named(call, campaign) -> None:
    answer = call(
        "PUT", f"/campaigns/{campaign['id']}", json={"fields": {**CAMPAIGN, "helpMessage": "x" * 321, "colour": "blue"}}
    )
    assert answer.status_code == 400
    assert answer.json["fields"].keys() == {"helpMessage", "colour"}
    assert answer.json["type"] == "/problems/bad-fields"


def test_scopes(call_with, campaign) -> None:
    reader = call_with("campaigns.read")
    assert reader("GET", f"/campaigns/{campaign['id']}").status_code == 200
    assert reader("POST", f"/campaigns/{campaign['id']}/state", json={}).status_code == 403
    assert call_with("numbers.manage")("GET", "/campaigns").status_code == 403


def test_what_reviewers_would_reject_is_said(call, brand_id, campaign) -> None:
    path = f"/campaigns/{campaign['id']}/readiness"
    [first] = call("GET", path).json["findings"]
    assert (first["system"], first["code"], first["resubmittable"]) == ("twilio", "30702", True)
    call("POST", f"/brands/{brand_id}/registration", json={"registry_id": "BUTNE6G"})
    assert call("GET", path).json == {"ready": True, "faults": 0, "warnings": 0, "findings": []}
    bad = {**CAMPAIGN, "description": f"{CAMPAIGN['description']} And whiskey."}
    call("PUT", f"/campaigns/{campaign['id']}", json={"fields": bad})
    found = call("GET", path).json
    assert (found["ready"], found["warnings"]) == (False, 1)
    assert found["findings"][-1]["resubmittable"] is False
    assert call("GET", "/campaigns/cmp_none/readiness").status_code == 404


def test_a_support_case_is_opened_and_goes_on(call, campaign) -> None:
    path = f"/campaigns/{campaign['id']}/cases"
    opened = call("POST", path, json={"note": "Called them"})
    assert (opened.status_code, opened.json["state"], opened.json["ours"]) == (201, "opened", True)
    assert call("POST", path, json={}).status_code == 409
    case = f"/support-cases/{opened.json['id']}"
    sent = call("POST", case, json={"state": "sent", "reference": "700"})
    assert (sent.json["state"], sent.json["reference"], sent.json["urgency"]) == ("sent", "700", "none")
    assert call("POST", case, json={"state": "opened"}).status_code == 409
    assert call("POST", case, json={"note": "x" * 2_001}).status_code == 400
    assert call("GET", path).json["cases"] == [sent.json]


def test_the_health_of_a_campaign(call, campaign) -> None:
    found = call("GET", f"/campaigns/{campaign['id']}/health").json
    assert (len(found["days"]), found["blocked_share"], found["changes"]) == (30, None, [])
    assert call("GET", "/campaigns/cmp_none/health").status_code == 404
