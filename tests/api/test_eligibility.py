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


def test_locations_and_users_that_break_a_rule_are_named(call) -> None:
    london = call("POST", "/locations", json={"name": "London", "country": "GB"}).json["id"]
    dana = call("POST", "/users", json={"name": "Dana"}).json["id"]
    number = call("POST", "/numbers", json={"number": "+12125550123", "location": "London", "label": "Dana"}).json
    told = {each["rule"]: each for each in call("GET", "/eligibility").json["of_numbers"]}
    assert [(each["standing"], each["numbers"]) for each in told.values()] == [("broken", 1)] * 2
    assert [told[rule]["subjects"][0]["id"] for rule in ("location", "primary-number")] == [london, dana]
    whole = call("GET", "/numbers/+12125550123").json["eligibility"]
    assert [each["standing"] for each in whole] == ["open"] * 3 + ["broken"] * 2
    refused = call("POST", f"/numbers/{number['id']}/state", json={"state": "authorised"})
    assert refused.status_code == 409
    assert "London is in GB" in refused.json["detail"]
    assert refused.json["next_step"]
