"""The registry's webhook from end to end: who gets in, what is counted, and what an administrator sees of it."""

import base64
import hmac
import json
from typing import Any

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow, create_organisation
from archive.campaigns.reading import read_campaign
from archive.core.actor import OPERATOR
from archive.core.jcs import jcs
from archive.providers.accounts import connect
from archive.spam.following import follow_registry
from archive.spam.reading import list_reports
from archive.spam.store import Wanted
from archive.wiring import Archive
from tests.campaigns.making import newest_events, registered
from tests.items import ledger_size

PATH = "/hooks/tcr/SBJAF5P"
SECRET, NEXT = "the first secret", "the next secret"


@pytest.fixture
def account(call) -> dict[str, Any]:
    answer = call("POST", "/provider-accounts", json={"provider": "tcr", "account": "SBJAF5P", "secret": SECRET})
    assert answer.status_code == 201
    return answer.json


@pytest.fixture
def send(app: Flask, archive: Archive):
    """`send(body)`: signed as the registry signs; anything may be changed."""

    def send(body: Any, secret: str = SECRET, path: str = PATH, **more: Any):
        url = archive.settings.public_url + path
        made = base64.b64encode(hmac.digest(secret.encode(), url.encode() + jcs(body), "sha1")).decode()
        headers = more.pop("headers", {"X-Registry-Signature": made})
        return app.test_client().post(path, data=json.dumps(body, indent=1), headers=headers, **more)

    return send


def event(campaign: str = "CT8MUVN", kind: str = "CAMPAIGN_DCA_COMPLETE") -> dict[str, Any]:
    return {"cspId": "SBJAF5P", "eventType": kind, "campaignId": campaign, "mock": False}


def kept(archive: Archive, organisation: OrganisationRow) -> int:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return len(newest_events(tx))


def test_what_the_registry_says_makes_a_campaign_active(archive, organisation, account, send) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        campaign_id, theirs = registered(tx)
    answer = send(event(theirs))
    assert (answer.status_code, answer.json) == (200, {"new": 1})
    assert send(event(theirs)).json == {"new": 0}
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_campaign(tx, campaign_id).verdict.active


def test_behind_a_proxy_the_public_address_counts(account, send) -> None:
    forwarded = {"base_url": "http://10.0.0.7:8080", "environ_overrides": {"HTTP_X_FORWARDED_PROTO": "gopher"}}
    assert send(event(), **forwarded).status_code == 200


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "a wrong one"},
        {"headers": {}},
        {"headers": {"X-Registry-Signature": "nonsense"}},
        {"headers": {"X-Registry-Signature": "x" * 5_000}},
    ],
)
def test_what_is_not_signed_is_refused_counted_and_never_kept(
    call, archive, organisation, account, send, how: dict[str, Any]
) -> None:
    before = ledger_size(archive, organisation.id)
    answer = send(event(), **how)
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "/problems/bad-signature"
    assert ledger_size(archive, organisation.id) == before
    assert kept(archive, organisation) == 0
    [shown] = call("GET", "/provider-accounts").json["accounts"]
    assert (shown["rejected"], shown["accepted"]) == (1, 0)
    assert shown["rejected_at"]


def test_an_account_that_is_not_connected_looks_like_a_wrong_signature(account, send) -> None:
    assert send(event(), path="/hooks/tcr/ANOTHER").status_code == 403
    assert send(event(), path="/hooks/nobody/SBJAF5P").status_code == 404


def test_a_body_that_is_too_large_or_no_json_is_refused(app, account, send) -> None:
    assert app.test_client().post(PATH, data=b"[" * 100_000).status_code == 403
    assert app.test_client().post(PATH, data=b"x" * 300_000).status_code == 413
    assert app.test_client().get(PATH).status_code == 403


def test_two_secrets_are_valid_while_one_takes_the_place_of_the_other(call, account, send, clock) -> None:
    changed = call("POST", "/provider-accounts/tcr/SBJAF5P/secret", json={"secret": NEXT})
    assert changed.json["both_until"]
    assert send(event("C000001")).status_code == 200
    assert send(event("C000002"), secret=NEXT).status_code == 200
    clock.advance(days=7)
    assert send(event("C000003")).status_code == 403
    assert send(event("C000003"), secret=NEXT).status_code == 200


def test_the_secret_before_can_be_ended_at_once(call, account, send) -> None:
    call("POST", "/provider-accounts/tcr/SBJAF5P/secret", json={"secret": NEXT})
    assert call("POST", "/provider-accounts/tcr/SBJAF5P/secret", json={}).json["both_until"] is None
    assert send(event()).status_code == 403
    assert send(event(), secret=NEXT).status_code == 200


def test_an_account_that_is_ended_lets_nothing_in_and_can_be_connected_again(call, account, send) -> None:
    assert call("DELETE", "/provider-accounts/tcr/SBJAF5P").status_code == 200
    assert send(event()).status_code == 403
    assert call("GET", "/provider-accounts").json == {"accounts": []}
    assert call("DELETE", "/provider-accounts/tcr/SBJAF5P").status_code == 404
    body = {"provider": "tcr", "account": "SBJAF5P", "secret": NEXT}
    assert call("POST", "/provider-accounts", json=body).status_code == 201
    assert call("POST", "/provider-accounts", json=body).status_code == 409
    assert send(event(), secret=NEXT).status_code == 200


def test_of_two_organisations_that_name_one_account_the_signature_says_whose_it_is(
    archive, organisation, account, send
) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    with archive.transactions.write(other.id, OPERATOR) as tx:
        connect(tx, "tcr", "SBJAF5P", NEXT)
    assert send(event()).status_code == 200
    assert (kept(archive, organisation), kept(archive, other)) == (1, 0)
    assert send(event(), secret=NEXT).status_code == 200
    assert (kept(archive, organisation), kept(archive, other)) == (1, 1)


@pytest.mark.parametrize(
    "body",
    [
        {"provider": "nobody", "account": "A", "secret": SECRET},
        {"provider": "tcr", "account": "", "secret": SECRET},
        {"provider": "tcr", "account": "a/b", "secret": SECRET},
        {"provider": "tcr", "account": "x" * 101, "secret": SECRET},
        {"provider": "tcr", "account": "A", "secret": "short"},
        {"provider": "tcr", "account": "A", "secret": "x" * 501},
        {"provider": "tcr", "account": "A", "secret": "with\nline breaks"},
        {"provider": "tcr", "account": "A"},
    ],
)
def test_an_account_that_can_not_be_is_refused(call, body: dict[str, str]) -> None:
    assert call("POST", "/provider-accounts", json=body).status_code == 400


def test_a_secret_never_comes_out_and_is_not_in_the_database(call, account, archive, tmp_path) -> None:
    assert SECRET not in json.dumps(account)
    assert SECRET not in call("GET", "/provider-accounts").text
    raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert SECRET.encode() not in raw


def test_a_complaint_that_a_carrier_passes_on_is_a_spam_report(call, archive, organisation, account, send) -> None:
    complaint = {**event("CT8MUVN", "MNO_COMPLAINT"), "mnoId": 10017, "mnoName": "AT&T", "description": "Two texts"}
    assert send(complaint).json == {"new": 1}
    assert send(complaint).json == {"new": 0}
    assert send({**complaint, "mock": True}).json == {"new": 1}
    follow_registry(archive.transactions, organisation.id)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        [report] = list_reports(tx, Wanted(), 10)
    assert (report.source, report.campaign) == ("carrier", "CT8MUVN")
    assert kept(archive, organisation) == 2


def test_a_complaint_in_strange_words_stops_nobody_from_hearing_the_next(
    call, archive, organisation, account, send
) -> None:
    complaint = {**event("CT8MUVN", "MNO_COMPLAINT"), "mnoId": 10017, "mnoName": "x\x00" * 500}
    assert send({**complaint, "description": "x\x00" * 5_000}).status_code == 200
    assert send({**complaint, "campaignId": None}).status_code == 200
    assert send(event("CT8MUVN", "MNO_COMPLAINT")).status_code == 200
    assert follow_registry(archive.transactions, organisation.id) == 3


def test_scopes(call_with, account) -> None:
    reader = call_with("providers.read")
    assert reader("GET", "/provider-accounts").status_code == 200
    assert reader("DELETE", "/provider-accounts/tcr/SBJAF5P").status_code == 403
    assert call_with("campaigns.manage")("GET", "/provider-accounts").status_code == 403
