"""What the rules say of a text. They flag; they never refuse, and never change a word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive.intake.assess import assess, own_candidates
from archive.intake.parse import arrival
from archive.messages.flags import FLAGS
from archive.messages.model import InboundText
from archive.numbers.model import NumberState
from tests.items import OWN_NUMBER, STRANGER, line

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OURS = {OWN_NUMBER: NumberState.AUTHORISED}
OUT = {"direction": "outbound", "from": OWN_NUMBER, "to": [STRANGER]}


def assessed(states: dict[str, NumberState] | None = None, on_sent: bool = False, **changes: Any) -> InboundText:
    found = arrival(line(**changes), NOW, "test", anchor_on_sent=on_sent)
    assert found.wire is not None
    return assess(found, found.wire, OURS if states is None else states)


def test_an_ordinary_text_has_no_flags() -> None:
    assert assessed().flags == ()
    assert assessed({OWN_NUMBER: NumberState.REGISTERED}, **OUT).flags == ()


@pytest.mark.parametrize("state", [state for state in NumberState if state is not NumberState.REGISTERED])
def test_what_goes_out_from_a_number_on_no_active_campaign_is_flagged(state: NumberState) -> None:
    assert "no-active-campaign" in assessed({OWN_NUMBER: state}, **OUT).flags
    assert "no-active-campaign" not in assessed({OWN_NUMBER: state}).flags


@pytest.mark.parametrize(
    ("number", "abroad"),
    [
        ("+14165550100", False),
        ("+12505550100", False),
        ("+12125550199", False),
        ("+18005550100", False),
        ("+18765550100", True),
        ("+16585550100", True),
        ("+12425550100", True),
        ("+18095550100", True),
        ("+442079460958", True),
        ("+524425550100", True),
        ("011 44 20 7946 0958", True),
        ("12345", False),
        ("HarbourBank", False),
    ],
)
def test_abroad_is_what_is_outside_the_us_and_canada_even_under_plus_one(number: str, abroad: bool) -> None:
    assert ("international" in assessed(**{"from": number}).flags) is abroad
    assert ("international" in assessed(**{**OUT, "to": [number]}).flags) is abroad


def test_one_recipient_abroad_is_enough() -> None:
    assert "international" in assessed(**{**OUT, "to": [STRANGER, "+18765550100"]}).flags


@pytest.mark.parametrize("state", list(NumberState))
def test_a_number_texts_by_right_only_while_it_is_authorised_or_registered(state: NumberState) -> None:
    expected = () if state in (NumberState.AUTHORISED, NumberState.REGISTERED) else ("unauthorised-number",)
    assert assessed({OWN_NUMBER: state}).flags == expected


def test_a_number_that_is_not_ours_is_flagged() -> None:
    assert assessed({}).flags == ("unknown-number",)
    assert assessed({STRANGER: NumberState.AUTHORISED}).flags == ("unknown-number",), "the sender is not our side"


@pytest.mark.parametrize("address", ["abc@example.com", "+1", "🙂", "+999999999999999999"])
def test_an_address_that_is_none_is_kept_and_flagged(address: str) -> None:
    text = assessed(**{"from": address})
    assert "unparsed-address" in text.flags
    assert text.sender == address


@pytest.mark.parametrize(
    ("media", "flags"), [([], ()), (None, ()), (["https://media.example/1"], ("mms",)), ([None], ("mms",))]
)
def test_media_make_an_mms(media: Any, flags: tuple[str, ...]) -> None:
    assert assessed(media=media).flags == flags


@pytest.mark.parametrize(
    ("ahead", "flags"),
    [
        (timedelta(days=-4000), ()),
        (timedelta(), ()),
        (timedelta(days=1), ()),
        (timedelta(days=1, microseconds=1), ("sent-at-in-future",)),
        (timedelta(days=4000), ("sent-at-in-future",)),
    ],
)
def test_a_provider_may_be_a_day_ahead_of_us(ahead: timedelta, flags: tuple[str, ...]) -> None:
    text = assessed(sent_at=(NOW + ahead).isoformat())
    assert text.flags == flags
    assert text.sent_at == NOW + ahead, "flagged, not corrected"


def test_an_unreadable_time_is_flagged_and_kept() -> None:
    text = assessed(sent_at="yesterday")
    assert text.flags == ("sent-at-unreadable",)
    assert (text.sent_at, text.as_received) == (None, {"sent_at": "yesterday"})


@pytest.mark.parametrize(
    ("sent_at", "anchor"),
    [
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-23T09:00:00Z", NOW),
        ("2026-11-23T09:00:01Z", None),
        ("yesterday", None),
        (..., None),
    ],
)
def test_only_an_import_anchors_on_a_date_that_has_been(sent_at: Any, anchor: datetime | None) -> None:
    assert assessed(on_sent=True, sent_at=sent_at).anchor_at == anchor
    assert assessed(on_sent=False, sent_at=sent_at).anchor_at is None


def test_of_several_recipients_ours_is_the_own_number() -> None:
    text = assessed(to=["+14155550199", OWN_NUMBER])
    assert text.own_number == OWN_NUMBER
    assert text.others == (STRANGER, "+14155550199")


def test_without_one_of_ours_the_first_recipient_stands_for_us() -> None:
    assert assessed({}, to=["+14155550199", "+14155550198"]).own_number == "+14155550199"


def test_candidates_are_the_side_that_may_be_ours() -> None:
    def candidates(**changes: Any) -> set[str]:
        found = arrival(line(**changes), NOW, "test").wire
        assert found is not None
        return own_candidates([found])

    assert candidates(to=["(212) 555-0123", "+14155550199"]) == {OWN_NUMBER, "+14155550199"}
    assert candidates(**OUT) == {OWN_NUMBER}


def test_flags_stand_in_order_each_once_and_each_is_explained() -> None:
    text = assessed({}, to=["🙂", "🙁"], media=[1], sent_at="x", **{"from": "+18765550100"})
    assert text.flags == ("international", "mms", "sent-at-unreadable", "unknown-number", "unparsed-address")
    assert set(text.flags) < set(FLAGS)


def test_nothing_of_a_text_is_changed() -> None:
    text = assessed(text=" two \0", status="sent", campaign="C1", account="A", **{"from": "(415) 555-0188"}, more=1)
    assert (text.text, text.status, text.campaign, text.account) == (" two \0", "sent", "C1", "A")
    assert (text.sender, text.as_received, text.extra) == (STRANGER, {"from": "(415) 555-0188"}, {"more": 1})
