import json
import re
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from archive.access.organisations import OrganisationRow
from archive.http.access import access_of
from archive.wiring import Archive
from jobs import index
from jobs.turn import do_now
from tests.taking_in import take_in_hostile, text


@pytest.fixture
def description(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    read: dict[str, Any] = json.loads(answer.get_data())
    return read


def api_routes(app: Flask) -> set[tuple[str, str, str]]:
    """(method, path with {names}, endpoint)."""
    return {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_the_description_is_open_to_everybody_and_valid(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    validate(description)


def test_every_route_of_the_api_is_in_it(app: Flask, description: dict[str, Any]) -> None:
    listed = {(method, path) for path, methods in description["paths"].items() for method in methods}
    assert listed == {(method, path) for method, path, _ in api_routes(app)}


def test_every_operation_names_its_scope_and_its_problems(app: Flask, description: dict[str, Any]) -> None:
    for method, path, endpoint in api_routes(app):
        operation = description["paths"][path][method]
        access = access_of(app.view_functions[endpoint])
        assert access
        if access.is_public:
            assert operation["security"] == []
            continue
        assert f"`{access.permission}`" in operation["description"]
        assert {"401", "403", "429", "500"} <= operation["responses"].keys()
        for status, answer in operation["responses"].items():
            wanted = "application/problem+json" if status >= "400" else None
            assert wanted is None or list(answer["content"]) == [wanted], (path, status)


def test_answers_are_what_the_description_says(
    call, archive: Archive, organisation: OrganisationRow, description: dict[str, Any]
) -> None:
    serial = take_in_hostile(archive, organisation)["emoji"]
    call("POST", "/numbers", json={"number": "+12125550123"})
    do_now(archive, index.JOB)
    calls = [
        ("get", "/search", "/search?q=family", {}),
        ("get", "/search", "/search?q=frm:x", {}),
        ("get", "/search", "/search?limit=0", {}),
        ("get", "/search", "/search?q=family&order=best", {}),
        ("post", "/search/statements", "/search/statements", {"json": {"q": "family"}}),
        ("post", "/search/statements", "/search/statements", {"json": {"q": "frm:x"}}),
        ("post", "/saved-searches", "/saved-searches", {"json": {"name": "Family", "q": "family"}}),
        ("post", "/saved-searches", "/saved-searches", {"json": {"name": "Family", "q": "family"}}),
        ("get", "/saved-searches", "/saved-searches", {}),
        ("post", "/saved-searches/{saved_id}", "/saved-searches/svs_none", {"json": {}}),
        ("delete", "/saved-searches/{saved_id}", "/saved-searches/svs_none", {}),
        ("get", "/messages/{serial}", f"/messages/{serial}", {}),
        ("get", "/messages/{serial}", "/messages/4711", {}),
        ("get", "/messages/{serial}/proof", f"/messages/{serial}/proof", {}),
        ("post", "/messages", "/messages", {"json": text(99, "x")}),
        ("post", "/messages", "/messages", {"json": {"messages": [text(99, "x"), {}]}}),
        ("get", "/quarantine", "/quarantine", {}),
        ("get", "/numbers", "/numbers", {}),
        ("post", "/numbers", "/numbers", {"json": {"number": "+12125550124"}}),
        ("post", "/numbers", "/numbers", {"json": {"number": "+12125550124"}}),
        ("get", "/integrity", "/integrity", {}),
        ("get", "/health", "/health", {}),
    ]
    for method, path, address, more in calls:
        answer = call(method.upper(), address, **more)
        stated = description["paths"][f"/api/v1{path}"][method]["responses"][str(answer.status_code)]
        schema = {**stated["content"][answer.mimetype]["schema"], "components": description["components"]}
        problems = list(OAS31Validator(schema).iter_errors(json.loads(answer.get_data())))
        assert not problems, (address, problems[0].message)
