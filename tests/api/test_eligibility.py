def test_what_is_so_is_entered_and_refuses_authorising(call, call_with) -> None:
    assert {rule["standing"] for rule in call("GET", "/eligibility").json["rules"]} == {"open"}
    entered = call("POST", "/eligibility", json={"add_on": False, "plan": "enterprise"})
    assert entered.status_code == 200
    assert [rule["standing"] for rule in entered.json["rules"]] == ["broken", "met", "open"]
    assert call("GET", "/eligibility").json == entered.json
    refused = call("POST", "/numbers", json={"number": "+12125550123", "state": "authorised"})
    assert refused.status_code == 409
    assert "add-on is not bought" in refused.json["detail"] + refused.json["title"]
    for wrong in ({"add_on": "yes"}, {"plan": "x"}, {"other": 1}, []):
        assert call("POST", "/eligibility", json=wrong).status_code == 400
    assert call_with("numbers.read")("POST", "/eligibility", json={}).status_code == 403
