"""The demo is believable, always the same, and has some of everything that an archive must deal with."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import chain

import pytest

from archive.demo import Demo, Message, Organisation, generate
from archive.demo.cast import FIRMS
from archive.demo.generate import LINE

UNTIL = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FICTION = re.compile(r"\+1[2-9][0-9]{2}55501[0-9]{2}|\+4420794609[0-9]{2}|[0-9]{5,6}")
PLACEHOLDER = re.compile(r"\{[a-z]*\}")


@cache
def demo() -> Demo:
    return generate(UNTIL)


def texts() -> list[Message]:
    return [text for organisation in demo().organisations for text in organisation.texts]


def own_numbers(organisation: Organisation) -> set[str]:
    return {own.number for own in organisation.numbers}


def own_side(text: Message) -> str:
    """In a group, too, ours is the sender or the first of those that it is for."""
    return address(text["from"]) if text["direction"] == "outbound" else recipients(text)[0]


def other_side(text: Message) -> str:
    return recipients(text)[0] if text["direction"] == "outbound" else address(text["from"])


def recipients(text: Message) -> list[str]:
    assert isinstance(text["to"], list)
    return [address(value) for value in text["to"]]


def address(value: object) -> str:
    assert isinstance(value, str)
    return value


def sent(text: Message) -> datetime:
    return datetime.fromisoformat(str(text["sent_at"]))


def containing(words: str) -> list[Message]:
    return [text for text in texts() if words in str(text["text"])]


def without_date(organisation: Organisation) -> dict[object, Message]:
    return {
        text["provider_id"]: {field: value for field, value in text.items() if field != "sent_at"}
        for text in organisation.texts
    }


def test_equal_dates_give_an_equal_demo_whatever_the_hour() -> None:
    assert generate(UNTIL) == demo()
    assert generate(UNTIL.replace(hour=0, minute=0)) == demo()
    assert generate(UNTIL.replace(hour=23)) == demo()
    assert generate(UNTIL.astimezone(timezone(timedelta(hours=-8)))) == demo()


@pytest.mark.parametrize("later", [1, 2, 5, 30, 400])
def test_a_later_date_changes_nothing_but_dates(later: int) -> None:
    then = generate(UNTIL + timedelta(days=later))
    for before, after in zip(demo().organisations, then.organisations, strict=True):
        assert without_date(before) == without_date(after)
        assert (before.people, before.numbers, before.broken) == (after.people, after.numbers, after.broken)


def test_another_seed_gives_other_texts() -> None:
    other = generate(UNTIL, seed=2).organisations[0]
    assert not without_date(other).keys() & without_date(demo().organisations[0]).keys()


@pytest.mark.parametrize("days", range(8))
def test_everything_lies_in_the_fourteen_months_before(days: int) -> None:
    until = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=days)
    for organisation in generate(until).organisations:
        times = [sent(text) for text in organisation.texts]
        assert times == sorted(times)
        assert until - timedelta(days=428) < times[0] < until - timedelta(days=380)
        assert until - timedelta(days=14) < times[-1] <= until


def test_there_are_some_two_thousand_texts_in_two_organisations() -> None:
    assert [organisation.country for organisation in demo().organisations] == ["US", "CA"]
    assert 1_900 <= len(texts()) <= 2_200
    assert len({text["provider_id"] for text in texts()}) == len(texts())


def test_every_text_has_the_shape_that_the_api_takes() -> None:
    allowed = {"provider", "account", "provider_id", "direction", "from", "to", "text", "sent_at", "status"}
    for text in texts():
        assert allowed <= text.keys() <= allowed | {"media", "campaign"}
        assert text["provider"] in ("twilio", "bandwidth", "telnyx")
        assert text["direction"] in ("inbound", "outbound")
        assert str(text["text"]).strip()
        assert str(text["sent_at"]).endswith("Z")
        assert json.loads(json.dumps(text)) == text


def test_all_numbers_are_fictional_and_no_blank_is_left_open() -> None:
    for text in texts():
        assert FICTION.fullmatch(own_side(text))
        assert FICTION.fullmatch(other_side(text))
        assert not PLACEHOLDER.search(str(text["text"]))
    for organisation in demo().organisations:
        assert all(person.email.endswith(".example") for person in organisation.people)
        assert {person.role for person in organisation.people} == {"compliance", "administrator", "auditor"}


def test_there_is_one_of_everything_that_needs_care() -> None:
    abroad, unlisted, unauthorised = set(), set(), set()
    for organisation in demo().organisations:
        barred = {own.number for own in organisation.numbers if own.state == "unauthorised"}
        for text in organisation.texts:
            abroad |= {other_side(text)} if other_side(text).startswith("+44") else set()
            unlisted |= {own_side(text)} - own_numbers(organisation)
            unauthorised |= {own_side(text)} & barred
    assert len(abroad) == 1
    assert unlisted == {"+16175550177", "+14165550199"}
    assert unauthorised == {"+15125550140"}
    assert sum("media" in text for text in texts()) >= 20
    assert {text["status"] for text in texts()} == {"received", "delivered", "failed"}


def test_every_line_of_every_thread_is_one_text() -> None:
    for firm in FIRMS:
        for thread in chain.from_iterable(firm.threads.values()):
            lines = [line for line in thread.strip().splitlines() if line not in ("", "~", "!")]
            assert [line for line in lines if not LINE.fullmatch(line)] == []
            assert [line for line in lines if re.search(r" [<>~][23]?( |$)", line)] == []


def test_some_chats_are_held_in_groups_in_which_everybody_sees_the_same() -> None:
    for organisation in demo().organisations:
        groups = [text for text in organisation.texts if len(recipients(text)) > 1]
        assert len(groups) >= 20
        assert {text["direction"] for text in groups} == {"inbound", "outbound"}
        for text in groups:
            everybody = {address(text["from"]), *recipients(text)}
            assert len(everybody) == 4
            assert len(everybody & own_numbers(organisation)) == 1


def test_every_number_is_used_and_people_write_to_the_same_one() -> None:
    used = Counter(own_side(text) for text in texts())
    for organisation in demo().organisations:
        assert all(used[number] >= 10 for number in own_numbers(organisation))


@pytest.mark.parametrize(
    ("words", "at_least"),
    [
        ("wire", 20), ("closing date", 5), ("refund", 25), ("invoice", 10), ("leak", 5), ("STOP", 5),
        ("https://", 30), ("漏水", 10), ("电汇", 5), ("退款", 5), ("reembolso", 4), ("transferencia", 2),
        ("fuite", 3), ("remboursement", 2), ("تسرب", 1), ("ההעברה", 1),
        ("👨‍👩‍👧‍👦", 2), ("👍", 5), ("one-time", 1),
    ],
)  # fmt: skip
def test_it_is_a_joy_to_search(words: str, at_least: int) -> None:
    assert len(containing(words)) >= at_least


def test_the_week_has_a_rhythm() -> None:
    weekdays = Counter(sent(text).astimezone(timezone(timedelta(hours=-5))).weekday() for text in texts())
    assert min(weekdays[day] for day in range(5)) > 2 * weekdays[5] > 0
    assert weekdays[6] == 0
    hours = Counter(sent(text).hour for text in texts())
    assert sum(hours[hour] for hour in range(13, 22)) > 0.9 * len(texts())


def test_conversations_have_several_turns_and_both_sides_speak() -> None:
    pairs = Counter((own_side(text), other_side(text)) for text in texts())
    speaking = {(own_side(text), other_side(text), text["direction"]) for text in texts()}
    long = [pair for pair, turns in pairs.items() if turns >= 10 and pair[1].startswith("+")]
    assert len(long) > 30
    assert all((*pair, direction) in speaking for pair in long for direction in ("inbound", "outbound"))


def test_a_dozen_things_are_broken_and_each_in_another_way() -> None:
    for organisation in demo().organisations:
        assert len(set(organisation.broken)) == 12
        for raw in organisation.broken:
            assert not _is_message(raw)


def _is_message(raw: bytes) -> bool:
    try:
        value = json.loads(raw)
    except ValueError:
        return False
    return (
        isinstance(value, dict)
        and isinstance(value.get("text"), str)
        and isinstance(value.get("from"), str)
        and isinstance(value.get("to"), list)
        and bool(value["to"])
        and value.get("direction") in ("inbound", "outbound")
    )
