"""Sample callbacks of each provider, and what we understand of each: values derived from the samples by hand."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from archive.core.canonical import canonical_json
from archive.intake.parse import arrival
from archive.providers import bandwidth, plivo, ringcentral, signalwire, sinch, telnyx, twilio, vonage, webex
from archive.providers.frame import Door
from archive.providers.said import Beside, Delivery, OptOut, Part, Text, Unread
from archive.providers.tcr import RegistryEvent
from tests.providers.signed import NOON

DOORS = {
    door.provider: door
    for door in (
        *(bandwidth.DOOR, plivo.DOOR, ringcentral.DOOR, signalwire.DOOR, sinch.DOOR),
        *(telnyx.DOOR, twilio.DOOR, vonage.DOOR, webex.DOOR),
    )
}
NOT_OF_THESE_DOORS = ("tcr_", "twilio_api_message_resource")

A_DAY = datetime(2026, 1, 15, 12, tzinfo=UTC)
OLD = datetime(2016, 9, 14, 18, 20, 16, tzinfo=UTC)
RINGCENTRAL_A2P = datetime(2021, 5, 26, 4, 16, 8, 107007, tzinfo=UTC)
TWILIO_OUT = "SM44444444444444444444444444444444"
TWILIO_MEDIA = {
    "url": "https://api.twilio.com/2010-04-01/Accounts/AC3/Messages/MM1/Media/ME1",
    "content_type": "image/jpeg",
}
TELNYX = "7ee4241c-f127-47e5-9c34-3aac291f8058"
BANDWIDTH = "14762070468292kw2fuqty55yp2b2"
VONAGE = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"


def said_text(
    provider_id: str,
    sender: str,
    to: list[str],
    words: str,
    sent_at: str | None = None,
    *,
    direction: str = "inbound",
    media: list[Any] | None = None,
    campaign: str | None = None,
    status: str | None = None,
) -> dict[str, Any]:
    whole = {
        "provider_id": provider_id,
        "direction": direction,
        "from": sender,
        "to": to,
        "text": words,
        "sent_at": sent_at,
        "media": media,
        "campaign": campaign,
        "status": status,
    }
    return {name: value for name, value in whole.items() if value is not None}


def _telnyx_text(direction: str, sender: str, to: list[str], **more: Any) -> dict[str, Any]:
    at = "2026-01-15T12:00:00.000+00:00"
    return said_text(TELNYX, sender, to, "Hello", at, direction=direction, campaign="TCPA3X7", **more)


BANDWIDTH_IN = "https://messaging.bandwidth.com/api/v2/users/{accountId}/media/14762070468292kw2fuqty55yp2b2/0/bw.png"
TELNYX_OUT = _telnyx_text("outbound", "+15551234567", ["+15559876543"])
DONE = datetime(2026, 1, 15, 12, 0, 5, tzinfo=UTC)

EXPECTED: dict[str, list[Any]] = {
    "bandwidth_inbound_group_mms": [
        said_text(
            *(BANDWIDTH, "+12345678901", ["+12345678902", "+12345678903"], "Hey, check this out!"),
            "2016-09-14T18:20:16Z",
            media=[BANDWIDTH_IN],
        )
    ],
    "bandwidth_inbound_sms": [
        said_text(
            *(BANDWIDTH, "+12345678901", ["+12345678902"], "Hey, check this out!", "2016-09-14T18:20:16Z"),
            media=[BANDWIDTH_IN],
        )
    ],
    "bandwidth_status_delivered_group_mms": [
        Delivery(
            BANDWIDTH,
            "+12345678902",
            "delivered",
            "message-delivered",
            title="Message delivered to carrier",
            at=OLD,
            among=("+12345678902", "+12345678903"),
        )
    ],
    "bandwidth_status_delivered_mms": [
        Delivery(
            BANDWIDTH,
            "+12345678902",
            "delivered",
            "message-delivered",
            title="Message delivered to carrier",
            at=OLD,
        )
    ],
    "bandwidth_status_delivered_sms": [
        Delivery(BANDWIDTH, "+12345678902", "delivered", "message-delivered", title="ok", at=OLD)
    ],
    "bandwidth_status_delivered_sms_tag": [
        Delivery(
            *("1585321273456iprz22vjeo4tvooc", "+12345678902", "delivered", "message-delivered"),
            title="ok",
            at=datetime(2020, 3, 27, 15, 1, 22, 646000, tzinfo=UTC),
        )
    ],
    "bandwidth_status_failed_group": [
        Delivery(
            *(BANDWIDTH, "+52345678903", "blocked", "message-failed", "4432", "region_blocked"),
            title="forbidden to country",
            at=OLD,
            among=("+12345678902", "+52345678903"),
        )
    ],
    "bandwidth_status_sending": [
        Delivery(
            *("1593110555875xo7watq5px6rbe5d", "+15554443333", "queued", "message-sending"),
            title="Message is sending to carrier",
            at=datetime(2020, 6, 25, 18, 42, 36, 979000, tzinfo=UTC),
        )
    ],
    "plivo_inbound": [
        said_text("df342550-2a2c-11ec-a9e0-0242ac110004", "+14155550123", ["+14155550100"], "Hello"),
    ],
    "plivo_status": [
        Delivery(
            *("df342550-2a2c-11ec-a9e0-0242ac110005", "+14155550123", "delivered", "delivered"),
            at=datetime(2026, 1, 15, 12, 0, 4, tzinfo=UTC),
        )
    ],
    "ringcentral_batch_message_optout": [
        OptOut("+12125550100", "+16505550100", out=True, at=datetime(2020, 10, 1, tzinfo=UTC))
    ],
    "ringcentral_batch_messages_1": [
        said_text(
            *("7119", "+19287680662", ["+12406680432"], "Thank you for the message", "2021-05-26T04:16:42.985974Z"),
            status="Delivered",
        )
    ],
    "ringcentral_batch_messages_2": [
        said_text(
            *("7086", "+13102375087", ["+14842910071"], "Thank you for the message", "2021-05-26T04:16:05.442760Z"),
            direction="outbound",
            status="Delivered",
        ),
        Delivery("7086", "+14842910071", "delivered", "Delivered", at=RINGCENTRAL_A2P),
    ],
    "ringcentral_instant_message": [
        said_text(
            *("606090030016", "+14157809227", ["+16508974563"], "Hi there", "2016-02-22T17:01:00.000Z"),
            status="Received",
        )
    ],
    "signalwire_10dlc": [("signalwire.number_assignment.failed", "", "c1", "", "+14155550100", A_DAY)],
    "signalwire_status": [
        said_text("m1", "+14155550100", ["+14155550123"], "Hello", direction="outbound", status="undelivered"),
        Delivery("m1", "+14155550123", "blocked", "undelivered", "30007", "filtered_spam", "Message filtered", A_DAY),
    ],
    "sinch_delivery_report_sms": [Delivery("batch_id_value", "+33662162466", "delivered", "Delivered")],
    "sinch_mo_binary": [Unread("a binary message, which holds no text")],
    "sinch_mo_media": [
        said_text(
            *("01XXXXX21XXXXX119Z8P1XXXXX", "+16051234567", ["+13185551234"], "This is the message"),
            "2024-01-10T08:49:58.429Z",
            media=[
                {
                    "url": "https://some.s3.example.com/inbounds/image.png",
                    "code": 1,
                    "content_type": "image/png",
                    "status": "Failed",
                }
            ],
        )
    ],
    "sinch_mo_text": [
        said_text(
            *("01XXXXX21XXXXX119Z8P1XXXXX", "+16051234567", ["+13185551234"], "This is the SMS body"),
            "2024-01-10T08:49:58.429Z",
        )
    ],
    "sinch_recipient_delivery_report_sms": [
        Delivery(
            *("01JHFFHQ0P99JPPNQPJDV7JTBP", "+33662162466", "delivered", "Delivered"),
            at=datetime(2025, 1, 13, 9, 22, 40, 914000, tzinfo=UTC),
        )
    ],
    "telnyx_10dlc_brand_update": [("BRAND_IDENTITY_STATUS_UPDATE", "", "c1", "", "", A_DAY)],
    "telnyx_10dlc_campaign_update": [("telnyx.campaign.mno_review.rejected", "", "c1", "", "", A_DAY)],
    "telnyx_10dlc_phone_number_update": [("telnyx.number.number_pool_provisioned.accepted", "", "c1", "", "", A_DAY)],
    "telnyx_finalized_delivered": [
        TELNYX_OUT,
        Delivery(TELNYX, "+15559876543", "delivered", "delivered", at=DONE),
    ],
    "telnyx_finalized_failed": [
        TELNYX_OUT,
        Delivery(
            *(TELNYX, "+15559876543", "blocked", "delivery_failed", "40010", "unregistered", "Not 10DLC registered"),
            at=DONE,
        ),
    ],
    "telnyx_inbound": [_telnyx_text("inbound", "+15559876543", ["+15551234567"])],
    "telnyx_inbound_group_mms": [
        _telnyx_text(
            *("inbound", "+15559876543", ["+15551234567", "+15550000003"]),
            media=[
                {
                    "url": "https://media.telnyx.com/x.png",
                    "content_type": "image/png",
                    "sha256": "ab" * 32,
                    "size": 102400,
                }
            ],
        )
    ],
    "twilio_eventstream_campaign": [
        ("twilio.campaign-registration.campaign-approved", "C1A2B3C", "QE1", "", "", datetime(2026, 1, 15, tzinfo=UTC))
    ],
    "twilio_eventstream_inbound": [
        said_text("SM1", "+14155550123", ["+14155550100"], "Hello", "2026-01-15T12:00:00.000Z", status="received")
    ],
    "twilio_inbound_mms": [
        said_text(
            *("MM11111111111111111111111111111113", "+14155550123", ["+14155550100"], ""),
            media=[TWILIO_MEDIA],
            status="received",
        )
    ],
    "twilio_inbound_optout": [
        {
            **said_text("SM11111111111111111111111111111112", "+14155550123", ["+14155550100"], "STOP"),
            "status": "received",
            "taken_for": "opt-out",
        }
    ],
    "twilio_inbound_sms": [
        said_text(*("SM11111111111111111111111111111111", "+14155550123", ["+14155550100"], "Hello"), status="received")
    ],
    "twilio_status_delivered": [Delivery(TWILIO_OUT, "+14155550123", "delivered", "delivered")],
    "twilio_status_failed": [Delivery(TWILIO_OUT, "+14155550123", "blocked", "failed", "30034", "unregistered")],
    "twilio_status_sent": [Delivery(TWILIO_OUT, "+14155550123", "sent", "sent")],
    "twilio_status_undelivered": [
        Delivery(TWILIO_OUT, "+14155550123", "blocked", "undelivered", "30007", "filtered_spam")
    ],
    "vonage_messages_inbound": [
        said_text(VONAGE, "+14155550123", ["+14155550100"], "Hello", "2026-01-15T12:00:00Z"),
    ],
    "vonage_messages_status": [
        Delivery(VONAGE, "+14155550123", "failed", "rejected", "1260", None, "Destination unreachable", A_DAY)
    ],
    "vonage_sms_dlr": [
        Delivery(
            *("0A0000001234567B", "+447700900000", "delivered", "delivered"),
            at=datetime(2020, 1, 1, 12, tzinfo=UTC),
        )
    ],
    "vonage_sms_inbound": [
        said_text("0A0000000123ABCD1", "+447700900001", ["+447700900000"], "Hello world", "2020-01-01T12:00:00Z")
    ],
    "vonage_sms_inbound_concat_part2": [
        Part(
            said_text("0A0000000123ABCD2", "+447700900001", ["+447700900000"], "second part", "2020-01-01T12:00:00Z"),
            reference="1",
            number=2,
            total=3,
        )
    ],
    "webex_events_businessTexts": [
        {
            **said_text("T1", "", [], "Hello", "2026-01-15T12:00:00.000Z"),
            "direction": None,
            "from": None,
        }
    ],
    "webexinteract_optout": [OptOut("+14155550123", "+14155550100", out=True, at=A_DAY, words="STOP")],
    "webex_webhook_generic": [Unread("an event about messages, which is no business text")],
}


def _sample(shared: Path, name: str) -> tuple[Door, Any, bytes]:
    """(its door, the event, the body as the provider sends it)."""
    sample = json.loads((shared / f"data/telecom/payloads/{name}.json").read_text())
    door = DOORS[sample["provider"].removesuffix("-interact")]
    if "form" in sample:
        return door, sample["form"], urlencode(sample["form"]).encode()
    return door, sample["json"], json.dumps(sample["json"]).encode()


def test_every_sample_there_is_has_its_values_here(shared: Path) -> None:
    names = {path.stem for path in (shared / "data/telecom/payloads").glob("*.json")}
    assert {name for name in names if not name.startswith(NOT_OF_THESE_DOORS)} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_says_what_its_provider_meant(shared: Path, name: str) -> None:
    door, _, body = _sample(shared, name)
    found = [_comparable(item) for item in door.parse(body)]
    assert found == [_whole(item) for item in EXPECTED[name]]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_came_is_kept_whole_beside_what_was_understood(shared: Path, name: str) -> None:
    door, event, body = _sample(shared, name)
    events = event if isinstance(event, list) else event.get("items") or [event]
    for item in door.parse(body):
        if isinstance(item, Text):
            assert item.item["payload"] in events
        if not isinstance(item, Beside):
            assert (
                json.loads(item.raw) in (event, *events) if "form" not in name and item.raw[:1] in b"{[" else item.raw
            )


@pytest.mark.parametrize("name", [name for name in EXPECTED if not name.startswith("webex_")])
def test_the_text_of_a_sample_can_be_archived_as_it_is(shared: Path, name: str) -> None:
    door, _, body = _sample(shared, name)
    for item in door.parse(body):
        if isinstance(item, Text):
            made = arrival(canonical_json({**item.item, "provider": door.provider, "account": "A"}), NOON, "test")
            assert made.problem is None


def _comparable(item: Any) -> Any:
    if isinstance(item, Text):
        return {name: value for name, value in item.item.items() if name != "payload"}
    if isinstance(item, RegistryEvent):
        return item.event, item.campaign, item.theirs, item.brand, item.number, item.said_at
    if isinstance(item, Part):
        said = {name: value for name, value in item.item.items() if name != "payload"}
        return Part(said, item.reference, item.number, item.total)
    return Unread(item.reason) if isinstance(item, Unread) else item


def _whole(item: Any) -> Any:
    return {name: value for name, value in item.items() if value is not None} if isinstance(item, dict) else item
