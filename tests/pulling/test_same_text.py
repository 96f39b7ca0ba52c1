"""A text that comes by webhook and by list is one text, whichever comes first; and never a conflict."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.deliveries.reading import reports_on
from archive.intake.from_providers import Brought as FromProvider
from archive.intake.hooked import take_in as take_in_hooked
from archive.providers.accounts import connect
from archive.providers.model import DOORS
from archive.pulling.model import Ended, Plan, asked_for
from archive.wiring import Archive
from tests.pulling.fake_lists import FakeLists
from tests.pulling.listing import ACCOUNT, gaps, hook, list_twilio, of_twilio, pull, readable
from tests.taking_in import take_in

OLD = {"telnyx": date(2026, 1, 15), "webex": date(2026, 1, 15), "bandwidth": date(2016, 9, 14)}


def payload(shared: Path, name: str) -> Any:
    said = json.loads((shared / "data/telecom/payloads" / f"{name}.json").read_text())
    return said.get("form") or said["json"]


def day_of(archive: Archive, provider: str) -> Plan:
    """The day of the samples, though the provider would have forgotten it since."""
    day = OLD.get(provider)
    return asked_for(day, day, archive.clock(), timedelta(days=5_000))


def as_twilio_lists(form: dict[str, str], **more: Any) -> dict[str, Any]:
    """What its list has of what its webhook brought."""
    said = {"sid": form["MessageSid"], "from": form["From"], "to": form["To"], "body": form.get("Body", "")}
    return {**of_twilio(0), **said, "num_media": form.get("NumMedia", "0"), **more}


@pytest.mark.parametrize("list_first", [False, True])
def test_of_twilio(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, shared: Path, *, list_first: bool
) -> None:
    """Its webhook names no time and its list does; the first word counts. Media are in another order there."""
    ready = readable(archive, organisation, lists)
    forms = [payload(shared, f"twilio_inbound_{kind}") for kind in ("sms", "mms", "optout")]
    forms[1] = {**forms[1], "NumMedia": "2", "MediaUrl1": forms[1]["MediaUrl0"][:-1] + "2", "MediaContentType1": "a/b"}
    delivered = payload(shared, "twilio_status_delivered")
    rows = [as_twilio_lists(form) for form in forms]
    media = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM/Media.json"
    rows[1]["subresource_uris"] = {"media": media}
    urls = [(forms[1][f"MediaUrl{at}"], forms[1][f"MediaContentType{at}"]) for at in (1, 0)]
    named = [{"uri": url.removeprefix("https://api.twilio.com") + ".json", "content_type": kind} for url, kind in urls]
    lists.answers[media] = lambda _: (200, {"media_list": named})
    rows.append(as_twilio_lists(delivered, direction="outbound-api", status="delivered", body="words"))
    list_twilio(lists, rows, page=1_000)
    if list_first:
        assert pull(ready, organisation).brought.new == 4
        assert sum(hook(archive, organisation, "twilio", form) for form in (*forms, delivered)) == 0
        return
    assert sum(hook(archive, organisation, "twilio", form) for form in (*forms, delivered)) == 4
    run = pull(ready, organisation)
    assert (run.brought.new, run.brought.duplicates, run.brought.reports) == (1, 2, 0)
    assert gaps(archive, organisation) == 0
    assert media not in lists.asked, "nobody asks for what is here"


@pytest.mark.parametrize("list_first", [False, True])
@pytest.mark.parametrize("name", ["telnyx_inbound", "telnyx_inbound_group_mms", "telnyx_finalized_delivered"])
def test_of_telnyx(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, shared: Path, name: str, *, list_first: bool
) -> None:
    """Both name the time at which Telnyx took it, and a message is the same whole thing in both."""
    ready = readable(archive, organisation, lists, "telnyx")
    said = payload(shared, name)
    message = said["data"]["payload"]
    record = {
        **{"uuid": message["id"], "direction": message["direction"], "message_type": message["type"]},
        **{"cli": message["from"]["phone_number"], "cld": message["to"][0]["phone_number"], "status": "delivered"},
        "completed_at": message["completed_at"],
    }
    lists.answers["/detail_records"] = lambda _: (200, {"data": [record], "meta": {"total_pages": 1}})
    lists.answers[f"/messages/{message['id']}"] = lambda _: (200, {"data": message})
    alone = len(message["to"] + message["cc"]) == 1
    if list_first:
        run = pull(ready, organisation, "telnyx", day_of(archive, "telnyx"))
        assert run.brought.new == 1
        assert hook(archive, organisation, "telnyx", said) == 0
        return
    assert hook(archive, organisation, "telnyx", said) >= 1
    run = pull(ready, organisation, "telnyx", day_of(archive, "telnyx"))
    assert run.ended is Ended.DONE
    assert (run.brought.new, run.brought.reports) == (0, 0)
    assert any("/messages/" in where for where in lists.asked) is not alone, "by its first recipient it is not known"


@pytest.mark.parametrize("list_first", [False, True])
def test_of_webex(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, shared: Path, *, list_first: bool
) -> None:
    ready = readable(archive, organisation, lists, "webex")
    event = payload(shared, "webex_events_businessTexts")["items"][0]
    event["data"] |= {"direction": "outbound", "from": "+12125550123", "to": ["+14155550188"]}
    answered = {"access_token": "handed-out", "refresh_token": "another", "expires_in": 1_209_600}
    lists.answers["/access_token"] = lambda query: (200, answered) if query["client_id"] == "C1" else (400, {})
    lists.answers["/events"] = lambda query: (
        200,
        {"items": []} if "page" in query else {"items": [event], "_link": f"{lists.url}/events?page=2"},
    )
    if not list_first:
        assert hook(archive, organisation, "webex", event) == 1
    run = pull(ready, organisation, "webex", day_of(archive, "webex"))
    assert (run.ended, run.brought.pages) == (Ended.DONE, 2)
    assert (run.brought.new, run.brought.duplicates) == ((1, 0) if list_first else (0, 1))
    assert hook(archive, organisation, "webex", event) == 0
    assert lists.presented == [None, "Bearer handed-out", "Bearer handed-out"]
    lists.presented.clear()
    pull(ready, organisation, "webex", day_of(archive, "webex"))
    assert lists.presented == ["Bearer handed-out"] * 2, "for thirteen days no other is asked for"
    lists.presented.clear()
    lists.faults = [401]
    assert pull(ready, organisation, "webex", day_of(archive, "webex")).ended is Ended.FAILED
    assert pull(ready, organisation, "webex").ended is Ended.DONE
    assert lists.presented == ["Bearer handed-out", None, "Bearer handed-out", "Bearer handed-out"], "one withdrawn"


def test_of_bandwidth_whose_list_has_no_words(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, shared: Path
) -> None:
    """Its reports have another word and no moment, and are not told again; one that never came makes a gap."""
    ready = readable(archive, organisation, lists, "bandwidth")
    sent, told = payload(shared, "bandwidth_status_sending"), payload(shared, "bandwidth_status_delivered_sms")
    for said in (sent, told):
        hook(archive, organisation, "bandwidth", said)
    message = told[0]["message"]
    row = {
        **{"messageId": message["id"], "sourceTn": message["from"], "destinationTn": message["to"][0]},
        **{"messageDirection": "OUTBOUND", "messageType": "sms", "messageStatus": "DELIVERED"},
    }
    lists.answers["/users/900000/messages"] = lambda query: (
        200,
        {"messages": [row, {**row, "messageId": "unheard of"}] if "T18" in query["fromDateTime"] else []},
    )
    before = gaps(archive, organisation)
    run = pull(ready, organisation, "bandwidth", day_of(archive, "bandwidth"))
    assert (run.brought.pages, run.brought.new, run.brought.reports) == (24, 0, 1), "hour by hour"
    assert gaps(archive, organisation) == before + 1


def test_of_two_accounts_whose_texts_are_in_one_list(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, shared: Path
) -> None:
    """What is here under the other account is that one's."""
    ready = readable(archive, organisation, lists, "bandwidth")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        connect(tx, "bandwidth", "other", "user:password")
        told = DOORS["bandwidth"].parse(json.dumps(payload(shared, "bandwidth_status_sending")).encode())
        take_in_hooked(tx, [FromProvider("bandwidth", "other", told, tx.now)])
    message = payload(shared, "bandwidth_status_sending")[0]["message"]
    row = {
        **{"messageId": message["id"], "sourceTn": message["from"], "destinationTn": message["to"][0]},
        **{"messageDirection": "OUTBOUND", "messageType": "sms", "messageStatus": "DELIVERED"},
    }
    lists.answers["/users/900000/messages"] = lambda query: (
        200,
        {"messages": [row] if "T18" in query["fromDateTime"] else []},
    )
    yesterday = date(2026, 11, 22)
    plan = asked_for(yesterday, yesterday, archive.clock(), timedelta(days=5_000))
    assert pull(ready, organisation, "bandwidth", plan).brought.reports == 1
    assert gaps(archive, organisation) == 1, "and not another one of this account"


@pytest.mark.parametrize(
    ("first", "then", "same"),
    [
        (None, "2026-11-20T12:00:00Z", True),
        ("2026-11-20T12:00:00Z", None, True),
        ("2026-11-20T12:00:00Z", "2026-11-20T12:01:59.500Z", True),
        ("2026-11-20T12:00:00Z", "2026-11-20T12:03:00Z", False),
        ("2026-11-20T12:00:00Z", "soon", True),
    ],
)
def test_two_channels_may_name_two_times_but_not_two_quite_different_ones(
    archive: Archive, organisation: OrganisationRow, first: str | None, then: str | None, *, same: bool
) -> None:
    said = {"provider": "x", "provider_id": "1", "direction": "inbound", "from": "+14155550188", "to": "+12125550123"}
    one = {**said, "text": "words"}
    (serial,) = take_in(archive, organisation, [{**one, "sent_at": first}])
    (again,) = take_in(archive, organisation, [{**one, "sent_at": then}])
    assert (again == serial) is same
    (other,) = take_in(archive, organisation, [{**one, "text": "other words", "sent_at": then}])
    assert other not in (serial, again), "what it says has to be the same"
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert reports_on(tx, serial) == []
