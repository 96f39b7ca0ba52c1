"""Bytes to a text, or a sentence that says what is wrong and nothing of what it says."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.model import Arrival, WireText
from archive.intake.parse import LONGEST_ITEM, LONGEST_NAME, MOST_RECIPIENTS, arrival, stated_provider
from tests.items import item, line

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def read(raw: bytes) -> Arrival:
    return arrival(raw, NOW, "test")


def wire(**changes: Any) -> WireText:
    found = read(line(**changes))
    assert found.problem is None
    assert found.wire is not None
    return found.wire


def test_what_came_is_kept_with_what_it_was_read_as() -> None:
    found = arrival(line(), NOW, "api", anchor_on_sent=True)
    assert (found.raw, found.received_at, found.source, found.anchor_on_sent) == (line(), NOW, "api", True)
    assert found.wire == WireText(
        "twilio", "SM1", "inbound", "+14155550188", ("+12125550123",), "Is Friday at ten good for you?"
    )


# What is sent, and what it means: an exact moment, or nothing but the string.
TIMES: list[tuple[Any, str | None, str | None]] = [
    ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00+00:00", None),
    ("2026-11-20T10:00:00.5Z", "2026-11-20T10:00:00.500000+00:00", None),
    ("2026-11-20T10:00:00.123456Z", "2026-11-20T10:00:00.123456+00:00", None),
    ("2026-11-20T10:00:00-05:00", "2026-11-20T15:00:00+00:00", None),
    ("2026-11-20T10:00:00+05:45", "2026-11-20T04:15:00+00:00", None),
    ("2026-11-20T00:30:00+14:00", "2026-11-19T10:30:00+00:00", None),
    ("2016-02-29T23:59:59Z", "2016-02-29T23:59:59+00:00", None),
    ("2026-11-20T10:00:00", None, "2026-11-20T10:00:00"),
    ("2026-11-20", None, "2026-11-20"),
    ("2015-02-29T10:00:00Z", None, "2015-02-29T10:00:00Z"),
    ("2026-11-20T25:00:00Z", None, "2026-11-20T25:00:00Z"),
    ("yesterday", None, "yesterday"),
    ("0001-01-01T00:00:00+14:00", None, "0001-01-01T00:00:00+14:00"),
    ("1763632800", None, "1763632800"),
    (1763632800, None, "1763632800"),
    (["2026"], None, "['2026']"),
    (True, None, "True"),
    (None, None, None),
    ("", None, None),
    (..., None, None),
]


@pytest.mark.parametrize(("sent", "moment", "as_received"), TIMES, ids=str)
@pytest.mark.parametrize("more", [{}, {"unknown": 1}], ids=["quick", "slow"])
def test_a_time_is_read_or_kept_and_never_invented(
    sent: Any, moment: str | None, as_received: str | None, more: dict[str, int]
) -> None:
    found = wire(sent_at=sent, **more)
    assert (found.sent_at.isoformat() if found.sent_at else None, found.sent_at_as_received) == (moment, as_received)


@pytest.mark.parametrize(
    "sent_at",
    [
        *("2026-11-20 10:00:00Z", "2026-11-20t10:00:00z", "20261120T100000Z", "2026-11-20T10:00Z"),
        *("2026-11-20T10:00:00.123456789Z", "2026-11-20T10:00:00,5Z", "2026-11-20T10:00:00+0500", "2026-W47-5T10Z"),
        *("2026-11-20T10:00:60Z", "2026-11-20T24:00:00Z", "2026-11-20T10:00:00-00:00", "+2026-11-20T10:00:00Z"),
        *(" 2026-11-20T10:00:00Z", "2026-11-20T10:00:00.1234567Z", "2026-11-20T10:00:00.9999999Z"),
        *("2026-11-20T10:00:00+05", "2026-11-20T10:00:00+05:00:30", "2026-11-20T10:00:00+24:00"),
    ],
)
def test_the_quick_way_and_the_slow_way_read_one_moment(sent_at: str) -> None:
    """Else the same text, sent with and without an unknown field, would be two texts that contradict each other."""
    quick, slow = wire(sent_at=sent_at), wire(sent_at=sent_at, unknown=1)
    assert (quick.sent_at, quick.sent_at_as_received) == (slow.sent_at, slow.sent_at_as_received)


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
good_items = st.fixed_dictionaries(
    {
        "provider": names,
        "provider_id": names,
        "direction": st.sampled_from(["inbound", "outbound"]),
        "from": names,
        "to": st.lists(names, min_size=1, max_size=3),
        "text": st.text(st.characters() | st.characters(categories=["Cs"]), max_size=30),
    },
    optional={
        "account": st.none() | names,
        "campaign": names,
        "status": st.none() | names,
        "media": st.none() | st.lists(st.dictionaries(names, st.integers() | names, max_size=2), max_size=2),
        "sent_at": st.none() | st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
    },
)


@given(sent=good_items, escaped=st.booleans())
def test_both_ways_read_the_same(sent: dict[str, Any], escaped: bool) -> None:
    raw = json.dumps(sent, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    with_more = json.dumps({**sent, "unknown": 1}).encode()
    quick, slow = read(raw).wire, read(with_more).wire
    assert slow is not None
    assert slow.extra == {"unknown": 1}
    if quick is None:
        assert not escaped
        assert b"\xed" in raw, "only half a pair that is not written as an escape can't be read: it isn't UTF-8"
        return
    fields = [name for name in WireText.__struct_fields__ if name != "extra"]
    assert [getattr(quick, name) for name in fields] == [getattr(slow, name) for name in fields]


SECRET = "the wire goes out on Friday to 4155550188"
BROKEN: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "the item is not JSON (at character 0)"),
    ("no JSON", SECRET.encode(), "the item is not JSON (at character 0)"),
    ("cut off", line(text=SECRET)[:-1], "the item is not JSON"),
    ("two objects", line(text=SECRET) * 2, "the item is not JSON"),
    ("not UTF-8", line(text=SECRET).replace(b"wire", b"w\xefre"), "the item is not UTF-8 (byte "),
    ("a list", json.dumps([SECRET]).encode(), "the item is not a JSON object"),
    ("a string", json.dumps(SECRET).encode(), "the item is not a JSON object"),
    ("nested", b"[" * 100_000 + SECRET.encode(), "nested too deeply"),
    *(
        (f"{name} nested", line(**{name: 1})[:-2] + b"[" * 101 + b"]" * 101 + b"}", "too deeply")
        for name in ("media", "x")
    ),
    *((f"{name} without end", line(**{name: 1})[:-2] + b"[" * 9_000, "too deeply") for name in ("media", "x")),
    ("nested whole", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "nested too deeply"),
    ("too long", line(text=SECRET * 40_000), f"the item is longer than {LONGEST_ITEM:,} bytes"),
    ("a huge number", b'{"n": %b}' % (b"9" * 5_000), "the item is not JSON"),
    ("a number beyond all", line(n=7).replace(b"7}", b"1e999}"), "the item is not JSON"),
    *((name, line(n=float(name)), "the item is not JSON") for name in ("nan", "inf", "-inf")),
]
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"provider": ...}, "`provider` is missing"),
    ({"provider": ""}, "`provider` is missing"),
    ({"provider": 7}, f"`provider` is not a text of 1 to {LONGEST_NAME} characters"),
    ({"provider_id": ...}, "`provider_id` is missing"),
    ({"provider_id": "x" * (LONGEST_NAME + 1)}, "`provider_id` is not a text"),
    ({"provider_id": "a\0b"}, "`provider_id` is not a text"),
    ({"provider_id": "a\ud83d"}, "`provider_id` holds half a surrogate pair"),
    ({"direction": ...}, "`direction` is missing"),
    ({"direction": SECRET}, "`direction` is neither `inbound` nor `outbound`"),
    ({"direction": ["inbound"]}, "`direction` is neither"),
    ({"from": ...}, "`from` is missing"),
    ({"from": [SECRET]}, "`from` is not a text"),
    ({"to": ...}, "`to` is missing"),
    ({"to": []}, "`to` is missing"),
    ({"to": [None]}, "`to` is missing"),
    ({"to": {SECRET: 1}}, "`to` is not a list"),
    ({"to": ["+12125550123"] * (MOST_RECIPIENTS + 1)}, "`to` is not a list of 1 to 500 addresses"),
    ({"text": ...}, "`text` is missing"),
    ({"text": None}, "`text` is missing"),
    ({"text": [SECRET]}, "`text` is not a text"),
    ({"media": SECRET}, "`media` is not a list"),
    ({"campaign": [SECRET]}, "`campaign` is not a text"),
    ({"account": SECRET * 9}, "`account` is not a text"),
    ({"status": 7}, "`status` is not a text"),
]


@pytest.mark.parametrize(("raw", "says"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_can_not_be_read_says_why_and_nothing_of_what_it_says(raw: bytes, says: str) -> None:
    found = read(raw)
    assert found.wire is None
    assert found.raw == raw
    assert says in (found.problem or "")
    assert not any(word in (found.problem or "") for word in SECRET.split() if word not in ("the", "on", "to"))


@pytest.mark.parametrize(("changes", "says"), WRONG, ids=str)
def test_a_wrong_field_is_named(changes: dict[str, Any], says: str) -> None:
    found = read(line(**{"text": SECRET, **changes}))
    assert found.wire is None
    assert says in (found.problem or "")
    assert not any(word in (found.problem or "") for word in ("wire", "goes", "Friday", "4155550188"))


def test_a_single_recipient_may_stand_without_a_list() -> None:
    assert wire(to="+12125550123").recipients == ("+12125550123",)


def test_media_may_come_without_a_text() -> None:
    assert wire(text=..., media=["https://media.example/1"]).text == ""


@pytest.mark.parametrize("field", ["account", "campaign", "status"])
@pytest.mark.parametrize("value", [None, "", ...])
def test_an_optional_field_may_be_empty(field: str, value: Any) -> None:
    assert getattr(wire(**{field: value}), field) is None


def test_the_longest_names_and_the_most_recipients_are_read() -> None:
    longest = "é" * LONGEST_NAME
    found = wire(provider_id=longest, to=["+12125550123"] * MOST_RECIPIENTS)
    assert found.provider_id == longest
    assert len(found.recipients) == MOST_RECIPIENTS


@pytest.mark.parametrize(
    ("raw", "provider"),
    [
        (line(direction="sideways"), "twilio"),
        (line(provider=7), None),
        (b"nonsense", None),
        (b"[]", None),
        (json.dumps({"provider": "x" * 500}).encode(), "x" * LONGEST_NAME),
        (json.dumps(item(provider="t\ud83d")).encode(), "t\ud83d"),
    ],
)
def test_who_a_broken_item_says_it_is_from(raw: bytes, provider: str | None) -> None:
    assert stated_provider(raw) == provider
