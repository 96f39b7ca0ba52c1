"""What each list holds, and that a text and a report are the same ones by webhook and by list."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.core.canonical import canonical_json
from archive.providers.listed import bandwidth, telnyx, twilio, webex
from archive.providers.listed.frame import Page, Reader, Slice, Unlisted, page_of
from archive.providers.listed.model import READERS
from archive.providers.model import DOORS
from archive.providers.said import Delivery, Text, Unread

A_DAY = datetime(2023, 8, 24, tzinfo=UTC)
WHOLE = Slice(A_DAY, A_DAY + timedelta(days=1))
OUR, THEIR = "+14155550100", "+14155550123"


def sample(shared: Path, name: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((shared / "data/telecom/payloads" / f"{name}.json").read_text())
    return said


def page(reader: Reader, said: Any, where: str = "/list?a=1", link: str | None = None) -> Page:
    return page_of(reader, "It", canonical_json(said), where, link)


def texts(found: Page) -> list[dict[str, Any]]:
    return [{k: v for k, v in one.item.items() if k != "payload"} for one in found.items if isinstance(one, Text)]


def reports(found: Page) -> list[Delivery]:
    return [one for one in found.items if isinstance(one, Delivery)]


def counted(found: Page) -> list[tuple[str, str]]:
    return [(one.number, one.direction) for one in found.counted]


def asked(where: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}


def test_twilio_lists_words_times_and_how_each_stands(shared: Path) -> None:
    row = sample(shared, "twilio_api_message_resource")["json"]
    inbound = {**row, "direction": "inbound", "from": THEIR, "to": OUR, "status": "received"}
    failed = {**row, "status": "undelivered", "error_code": 30007, "error_message": "Filtered"}
    waiting = {**row, "status": "scheduled", "from": None}
    found = page(twilio.READER, {"messages": [inbound, failed, waiting], "next_page_uri": "/next?Page=1"})
    assert found.next == "/next?Page=1"
    assert [(one["direction"], one["sent_at"], one["text"]) for one in texts(found)] == [
        ("inbound", "2023-08-24T05:01:45+00:00", "text"),
        ("outbound", "2023-08-24T05:01:45+00:00", "text"),
    ]
    assert [(one.status, one.code, one.category) for one in reports(found)] == [("blocked", "30007", "filtered_spam")]
    assert counted(found) == [(OUR, "inbound"), (OUR, "outbound")]
    assert asked(twilio.first("AC3", {}, WHOLE)) == {"DateSent": "2023-08-24", "PageSize": "1000"}


def test_twilios_media_are_named_as_its_webhook_names_them(shared: Path) -> None:
    form = sample(shared, "twilio_inbound_mms")["form"]
    row = {
        **sample(shared, "twilio_api_message_resource")["json"],
        **{"sid": form["MessageSid"], "from": form["From"], "to": form["To"], "body": "", "num_media": "1"},
        **{"direction": "inbound", "status": "received"},
    }
    found = page(twilio.READER, {"messages": [row]})
    assert (found.items, len(found.counted)) == ([], 1)
    medium = {"uri": "/2010-04-01/Accounts/AC3/Messages/MM1/Media/ME1.json", "content_type": "image/jpeg"}
    (listed,) = twilio.complete(found.wanted[0], {"media_list": [medium]})
    (hooked,) = twilio_door(form)
    assert isinstance(listed, Text)
    assert listed.item["media"] == hooked.item["media"]
    (gone,) = twilio.complete(found.wanted[0], None)
    assert isinstance(gone, Text)
    assert "media" not in gone.item, "the words are kept, though the media are gone"


def twilio_door(form: dict[str, str]) -> list[Text]:
    from urllib.parse import urlencode

    return [one for one in DOORS["twilio"].parse(urlencode(form).encode()) if isinstance(one, Text)]


@pytest.mark.parametrize("name", ["telnyx_inbound", "telnyx_finalized_delivered", "telnyx_finalized_failed"])
def test_telnyx_says_the_same_of_a_message_by_webhook_and_when_asked(shared: Path, name: str) -> None:
    said = sample(shared, name)["json"]
    hooked = DOORS["telnyx"].parse(json.dumps(said).encode())
    payload = said["data"]["payload"]
    listed = telnyx.complete(telnyx._wanted({"uuid": payload["id"], "cld": "+15551234567"}), {"data": payload})
    same = [{**one.item, "payload": None} if isinstance(one, Text) else one for one in listed]
    assert same == [{**one.item, "payload": None} if isinstance(one, Text) else one for one in hooked]


def test_telnyx_lists_what_is_then_asked_for_one_by_one() -> None:
    row = {"record_type": "message_detail_record", "uuid": "u/1", "cli": OUR, "cld": THEIR, "message_type": "SMS"}
    sent = {
        **row,
        "direction": "outbound",
        "status": "failed",
        "errors": ["40010"],
        "completed_at": "2023-08-24T01:00:00Z",
    }
    got = {**row, "uuid": "u2", "cli": THEIR, "cld": OUR, "direction": "inbound", "status": "received"}
    group = {**sent, "uuid": "u3", "message_type": "MMS"}
    where = telnyx.first("any", {}, WHOLE)
    found = page(telnyx.READER, {"data": [sent, got, group], "meta": {"total_pages": 2}}, where)
    assert asked(where)["filter[created_at][gte]"] == "2023-08-24"
    assert asked(where)["filter[created_at][lt]"] == "2023-08-25"
    assert asked(found.next or "") == {**asked(where), "page[number]": "2"}
    assert page(telnyx.READER, {"data": [], "meta": {"total_pages": 2}}, found.next or "").next is None
    assert [(one.provider_id, one.status, one.code) for one in reports(found)] == [("u/1", "blocked", "40010")]
    assert [(one.where, one.recipients) for one in found.wanted] == [
        ("/messages/u%2F1", (THEIR,)),
        ("/messages/u2", (OUR,)),
        ("/messages/u3", (THEIR,)),
    ]
    assert counted(found) == [(OUR, "outbound"), (OUR, "inbound"), (OUR, "outbound")]
    assert telnyx.complete(found.wanted[0], None) == [], "its words are gone after ten days"


def test_bandwidth_lists_no_words_but_who_texted_whom_and_how_it_stands() -> None:
    row = {
        **{"messageId": "m1", "sourceTn": OUR, "destinationTn": THEIR, "messageStatus": "FAILED", "errorCode": 4774},
        **{"messageDirection": "OUTBOUND", "messageType": "sms", "receiveTime": "2023-08-24T05:00:00Z"},
    }
    got = {**row, "messageId": "m2", "sourceTn": THEIR, "destinationTn": OUR, "messageDirection": "INBOUND"}
    group = [{**row, "messageId": "m3", "messageType": "mms", "destinationTn": f"+1415555012{at}"} for at in range(3)]
    where = bandwidth.first("any", {"account_id": "9/9"}, Slice(A_DAY, A_DAY + timedelta(hours=1)))
    assert where.startswith("/users/9%2F9/messages?")
    assert asked(where)["toDateTime"] == "2023-08-24T00:59:59.999Z"
    found = page(bandwidth.READER, {"messages": [row, got, *group], "pageInfo": {"nextPageToken": "t&1"}}, where)
    assert asked(found.next or "") == {**asked(where), "pageToken": "t&1"}
    assert [(one.provider_id, one.status, one.code) for one in reports(found)] == [("m1", "blocked", "4774")]
    assert counted(found) == [(OUR, "outbound"), (OUR, "inbound"), (OUR, "outbound")]
    assert texts(found) == []


def test_webex_lists_what_its_webhook_would_hold(shared: Path) -> None:
    said = sample(shared, "webex_events_businessTexts")["json"]
    told = {"direction": "inbound", "from": THEIR, "to": [OUR]}
    event = {**said["items"][0], "data": {**said["items"][0]["data"], **told}}
    found = page(webex.READER, {"items": [event, {**event, "type": "deleted"}, *said["items"]]}, link="https://next")
    hooked = DOORS["webex"].parse(json.dumps(event).encode())
    assert [one.item for one in found.items if isinstance(one, Text)][:1] == [one.item for one in hooked]
    assert [one.reason for one in found.items if isinstance(one, Unread)] == [
        "a note that a business text was deleted; the text itself stays as it came"
    ]
    assert (found.next, counted(found)) == ("https://next", [(OUR, "inbound")])
    assert asked(webex.first("O1", {}, WHOLE))["from"] == "2023-08-24T00:00:00.000Z"


@pytest.mark.parametrize(
    "said",
    [
        *({}, {"access_token": ""}, {"access_token": "a", "expires_in": "1"}, [], None),
        *({"access_token": "a\nb", "expires_in": 1}, {"access_token": "a" * 9_000, "expires_in": 1}),
        {"access_token": "a", "expires_in": 1, "refresh_token": 5},
    ],
)
def test_what_is_no_token_is_taken_for_none(said: Any) -> None:
    with pytest.raises(ValueError):
        webex.tokens(said)
    assert webex.tokens({"access_token": "a", "refresh_token": "b", "expires_in": 10**12}) == (
        {"access_token": "a", "refresh_token": "b"},
        90 * 86_400,
    )


ODD = (None, 5, "x", [], {}, {"phone_number": 5}, "\ud83d", "a" * 9_000, {"a": {"b": [[]]}}, -1, True, 1e300)
NAMES = (
    *("sid", "to", "from", "body", "date_sent", "direction", "status", "num_media", "subresource_uris", "error_code"),
    *("uuid", "cld", "cli", "message_type", "errors", "completed_at", "messageId", "destinationTn", "messageStatus"),
    *("messageDirection", "messageType", "errorCode", "resource", "type", "data", "created"),
)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_whatever_a_list_holds_is_read_or_is_no_list(reader: Reader) -> None:
    """Each field of a row is each odd value once, beside good ones; nothing but `Unlisted` ever comes out."""
    good = {"direction": "outbound", "status": "delivered", "messageDirection": "OUTBOUND", "uuid": "u", "sid": "s"}
    rows = [{**good, name: odd} for name in NAMES for odd in ODD]
    for name in ("messages", "data", "items"):
        for said in ({name: rows}, {name: rows, "meta": 5, "pageInfo": [], "next_page_uri": {}}):
            try:
                found = page(reader, said)
            except Unlisted:
                continue
            for wanted in found.wanted:
                reader.complete(wanted, None)
    for body in (b"", b"[]", b"5", b'{"messages": 5}', b'{"data": [5]}', b"<html>", b"[" * 50_000, b'{"items": [[]]}'):
        with pytest.raises(Unlisted):
            page_of(reader, "It", body, "/list", None)
