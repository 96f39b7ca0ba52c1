"""Credentials for reading a provider's list go in by the API and never come out; runs are told."""

import dataclasses
from collections.abc import Callable
from typing import Any

from archive.core.actor import OPERATOR
from archive.pulling.running import Puller
from archive.wiring import Archive
from tests.pulling.fake_lists import fake_lists
from tests.pulling.listing import ACCOUNT, SECRETS, list_twilio, of_twilio

HERE = f"/provider-accounts/twilio/{ACCOUNT}/reading"


def test_credentials_go_in_and_what_a_run_brought_comes_out(
    call: Callable[..., Any], archive: Archive, organisation: Any
) -> None:
    assert call("GET", HERE).status_code == 404
    call("POST", "/provider-accounts", json={"provider": "twilio", "account": ACCOUNT, "secret": "a secret of theirs"})
    assert call("GET", HERE).json["granted_at"] is None
    assert call("POST", f"{HERE}/now", json={}).status_code == 404
    for wrong in ({"credentials": {"secret": 5}}, {"credentials": {}}, {}, {"credentials": {"secret": "\n"}}):
        assert call("POST", HERE, json=wrong).status_code == 400
    assert call("POST", HERE, json={"credentials": SECRETS["twilio"]}).json["granted_at"]
    assert call("POST", f"{HERE}/now", json={"from": "2026-11-24", "to": "2026-11-23"}).status_code == 400
    assert call("POST", f"{HERE}/now", json={"from": "2026-11-23"}).status_code == 200
    with fake_lists() as lists:
        list_twilio(lists, [of_twilio(1)])
        urls = {"twilio": lists.url}
        ready = dataclasses.replace(archive, settings=dataclasses.replace(archive.settings, provider_urls=urls))
        Puller(ready, organisation.id, OPERATOR).run("twilio", ACCOUNT)
    said = call("GET", HERE)
    assert said.json["last"]["since"] == "2026-11-23T00:00:00Z"
    assert (said.json["last"]["ended"], said.json["last"]["new"], said.json["running"]) == ("done", 1, False)
    assert SECRETS["twilio"]["secret"] not in said.text
    assert call("DELETE", HERE).json["granted_at"] is None
    call("POST", "/provider-accounts", json={"provider": "plivo", "account": "P1", "secret": "a secret of theirs"})
    assert call("GET", "/provider-accounts/plivo/P1/reading").status_code == 400
