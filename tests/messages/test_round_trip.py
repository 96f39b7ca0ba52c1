"""A text comes out exactly as it went in, whatever it is made of; and what is stored of it says nothing to anybody."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged, NotFound
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.keys.envelope import SealingKey
from archive.ledger.entry import encode
from archive.messages.actions import hashes_of, read_message, read_messages
from archive.messages.model import ClearRecord, Content
from archive.messages.record import chances, open_record, seal
from archive.messages.store import count_messages, records_by_serial, serials_with_party
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, STRANGER, item, line, own_number, read_back, take_in

TEXTS = {
    "nothing": "",
    "plain": "Is Friday at ten good for you?",
    "emoji": "👍🏽 on our way 🚗💨",
    "a family joined by ZWJ": "👩‍👩‍👧‍👦 and 🏳️‍🌈",
    "right to left with bidi controls": "\u202bשלום\u202c \u200f(\u2067مرحبا\u2069)\u200e",
    "U+0000": "before\0after\0",
    "only U+0000": "\0",
    "controls": "".join(map(chr, range(32))) + "\x7f\x85\u2028\u2029\ufeff",
    "half a pair, high": "lost \ud83d half",
    "half a pair, low": "lost \ude42 half",
    "halves in the wrong order": "\ude42\ud83d",
    "halves at the ends": "\udfffmiddle\ud800",
    "combining, not normalised": "e\u0301 \u0065\u0301 \u00e9 \u212b \u00c5 A\u030a",
    "decomposed Hangul": "\u1112\u1161\u11ab",
    "noncharacters": "\ufffe\uffff\U0001ffff\U0010ffff",
    "what looks like an escape": '\\u0000 \\ud83d \\\\ " / \\n',
    "10,000 characters": "Zeile 明天\n" * 1_250,
    "white space at the ends": " \t two \r\n",
}


def stored(archive: Archive, organisation: OrganisationRow, raw: bytes) -> Content:
    outcome = take_in(archive, organisation.id, raw)[0]
    assert outcome.status == "stored"
    return read_back(archive, organisation.id, outcome.serial).content


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("escaped", [True, False], ids=["escapes", "UTF-8"])
def test_a_text_comes_out_as_it_went_in(
    archive: Archive, organisation: OrganisationRow, name: str, escaped: bool
) -> None:
    if not escaped and any("\ud800" <= character <= "\udfff" for character in TEXTS[name]):
        raw = line(text=TEXTS[name])  # There is no other way to write half a pair.
    else:
        raw = json.dumps(item(text=TEXTS[name]), ensure_ascii=escaped).encode()
    content = stored(archive, organisation, raw)
    assert content.text == TEXTS[name]
    assert [hex(ord(character)) for character in content.text] == [hex(ord(character)) for character in TEXTS[name]]


def test_texts_of_one_batch_do_not_mix(archive: Archive, organisation: OrganisationRow) -> None:
    lines = [line(f"SM{at}", text=words) for at, words in enumerate(TEXTS.values())]
    outcomes = take_in(archive, organisation.id, *lines)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        read = read_messages(tx, [outcome.serial for outcome in outcomes if outcome.serial])
    assert [message.content.text for message in read] == list(TEXTS.values())


any_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
# Halves of pairs included: hypothesis leaves them out of `text()` unless asked. A whole pair is one character in JSON,
# so halves that would join are separated.
any_text = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=200).filter(
    lambda words: json.loads(json.dumps(words)) == words
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(words=st.lists(any_text, min_size=1, max_size=12), more=any_json)
def test_any_text_comes_out_as_it_went_in(
    archive: Archive, organisation: OrganisationRow, words: list[str], more: Any
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        before = tx.ledger_size
        lines = [line(f"{before}-{at}", text=each, more=more) for at, each in enumerate(words)]
        outcomes = receive(tx, [arrival(raw, tx.now, "test") for raw in lines])
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        read = read_messages(tx, [outcome.serial for outcome in outcomes if outcome.serial])
    assert [message.content.text for message in read] == words
    assert all((message.content.extra or {})["more"] == more for message in read)


def test_unknown_fields_are_kept_and_given_back(archive: Archive, organisation: OrganisationRow) -> None:
    unknown = {"Body_Type": "rcs", "price": -0.0075, "nested": {"z": [1, None, "🙂"], "a": {}}, "": "no name"}
    assert stored(archive, organisation, line(**unknown)).extra == unknown


def test_media_status_account_and_campaign_are_kept(archive: Archive, organisation: OrganisationRow) -> None:
    media = [{"url": "https://media.example/1.jpg", "type": "image/jpeg", "size": 7}, "s3://bucket/2", None]
    raw = line(media=media, status="delivered", account="AC1", campaign="C8K2L9")
    message = read_back(archive, organisation.id, take_in(archive, organisation.id, raw)[0].serial)
    assert message.content.media == tuple(media)
    assert (message.content.status, message.clear.account, message.clear.campaign) == ("delivered", "AC1", "C8K2L9")
    assert message.flags == ("mms", "unknown-number")


def test_encoding_and_parts_are_recorded(archive: Archive, organisation: OrganisationRow) -> None:
    plain = stored(archive, organisation, line("SM1", text="x" * 161))
    emoji = stored(archive, organisation, line("SM2", text="🙂"))
    assert (plain.encoding, plain.segments) == ("gsm-7", 2)
    assert (emoji.encoding, emoji.segments) == ("ucs-2", 1)


def test_what_normalising_changes_is_kept_beside_it(archive: Archive, organisation: OrganisationRow) -> None:
    raw = line(**{"from": "(415) 555-0188", "to": ["1 212 555 0123", OWN_NUMBER]})
    content = stored(archive, organisation, raw)
    assert (content.sender, content.to) == (STRANGER, (OWN_NUMBER, OWN_NUMBER))
    assert content.as_received == {"from": "(415) 555-0188", "to": ["1 212 555 0123", OWN_NUMBER]}


def test_the_three_times_and_who_brought_it_in(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    arrived = arrival(line(sent_at="2026-11-20T10:00:00-05:00"), clock(), "test")
    clock.advance(seconds=3)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        outcome = receive(tx, [arrived], ["key:key_1"])[0]
    clear = read_back(archive, organisation.id, outcome.serial).clear
    assert clear.sent_at is not None
    assert clear.sent_at.isoformat() == "2026-11-20T15:00:00+00:00"
    assert clear.received_at == arrived.received_at
    assert clear.stored_at == clock()
    assert clear.actor == "key:key_1"


# --- Sealed ---


def test_equal_texts_share_nothing_outside(archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation.id, line("SM1"), line("SM2"))
    with archive.engine.connect() as connection:
        rows = connection.execute(
            text(f"SELECT sealed FROM message WHERE org_id = {organisation.id} ORDER BY seq")
        ).all()
        commitments = connection.execute(
            text(f"SELECT commitment FROM ledger_entry WHERE org_id = {organisation.id} AND kind = 'message.stored'")
        ).scalars()
        first, second = (bytes(row.sealed) for row in rows)
        assert len(set(map(bytes, commitments))) == 2
    pieces = {first[at : at + 6] for at in range(len(first) - 5)}
    assert not any(second[at : at + 6] in pieces for at in range(len(second) - 5))
    assert b"Friday" not in first


CLEAR_COLUMNS = (
    "SELECT direction, own_number, provider, account, provider_id, campaign, conversation, flags, policy FROM message"
)


def test_strangers_stand_in_the_database_as_keyed_hashes_only(archive: Archive, organisation: OrganisationRow) -> None:
    serial = take_in(archive, organisation.id, line())[0].serial
    with archive.engine.connect() as connection:
        assert STRANGER[2:] not in str(connection.execute(text(CLEAR_COLUMNS)).all())
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert list(serials_with_party(tx, hashes_of(tx).party(STRANGER))) == [serial]
        assert list(serials_with_party(tx, hashes_of(tx).party(OWN_NUMBER))) == []


@pytest.fixture
def sealed(archive: Archive, organisation: OrganisationRow) -> tuple[ClearRecord, bytes, bytes, SealingKey]:
    """Of one stored text: its clear half, commitment, envelope and key."""
    serial = take_in(archive, organisation.id, line())[0].serial
    assert serial is not None
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        *fields, commit, key_id, envelope = records_by_serial(tx, [serial])[0]
        key = tx.keyring.by_id(tx.session, tx.org_id, key_id)
    assert key is not None
    return ClearRecord(*fields), commit, envelope, key


Sealed = tuple[ClearRecord, bytes, bytes, SealingKey]


def test_an_opened_record_is_the_one_that_was_sealed(organisation: OrganisationRow, sealed: Sealed) -> None:
    clear, commit, envelope, key = sealed
    assert open_record(organisation.id, key, clear, envelope, commit).content.text == item()["text"]


def test_another_key_does_not_open_it(organisation: OrganisationRow, sealed: Sealed) -> None:
    clear, commit, envelope, key = sealed
    with pytest.raises(Damaged, match="does not open"):
        open_record(organisation.id, SealingKey(key.id, bytes(32)), clear, envelope, commit)


def test_the_place_of_another_organisation_does_not_open_it(organisation: OrganisationRow, sealed: Sealed) -> None:
    clear, commit, envelope, key = sealed
    with pytest.raises(Damaged, match="does not open"):
        open_record(organisation.id + 1, key, clear, envelope, commit)


def test_another_serial_does_not_open_it(organisation: OrganisationRow, sealed: Sealed) -> None:
    clear, commit, envelope, key = sealed
    moved = ClearRecord(**{name: getattr(clear, name) for name in clear.__struct_fields__} | {"seq": clear.seq + 1})
    with pytest.raises(Damaged, match="does not open"):
        open_record(organisation.id, key, moved, envelope, commit)


@pytest.mark.parametrize("change", [{"direction": "outbound"}, {"flags": ""}, {"actor": "person:other"}, {"policy": 2}])
def test_a_changed_clear_half_is_not_read(
    organisation: OrganisationRow, sealed: Sealed, change: dict[str, object]
) -> None:
    clear, commit, envelope, key = sealed
    values = {name: getattr(clear, name) for name in clear.__struct_fields__} | change
    with pytest.raises(Damaged, match="is not what the ledger committed to"):
        open_record(organisation.id, key, ClearRecord(**values), envelope, commit)


@pytest.mark.parametrize("cut", [0, 5, 12, 40, -1])
def test_a_cut_envelope_is_not_read(organisation: OrganisationRow, sealed: Sealed, cut: int) -> None:
    clear, commit, envelope, key = sealed
    with pytest.raises(Damaged):
        open_record(organisation.id, key, clear, envelope[:cut], commit)


def test_a_record_sealed_twice_has_two_salts(organisation: OrganisationRow, sealed: Sealed) -> None:
    clear, _, _, key = sealed
    content = Content(text="again")
    first, second = (seal(organisation.id, key, clear, content, chance) for chance in chances(2))
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_the_fields_of_clear_half_and_content_stand_in_canonical_order() -> None:
    for struct in (ClearRecord, Content):
        names = [name.encode() for name in struct.__struct_encode_fields__]
        assert names == sorted(names)
    assert encode(Content(text="t", sender="s", to=("a",))) == b'{"from":"s","text":"t","to":["a"]}'


def test_what_is_not_there_is_not_found(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx, pytest.raises(NotFound, match="no message 999"):
        read_message(tx, 999)


@pytest.mark.tampers
def test_a_changed_row_is_not_shown(archive: Archive, organisation: OrganisationRow) -> None:
    serial = take_in(archive, organisation.id, line())[0].serial
    with archive.engine.begin() as connection:
        connection.execute(text(f"UPDATE message SET flags = 'mms' WHERE org_id = {organisation.id}"))
    with pytest.raises(Damaged, match=f"Message {serial} is not what the ledger committed to"):
        read_back(archive, organisation.id, serial)


def test_messages_are_counted_up_to_a_serial(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation.id)
    outcomes = take_in(archive, organisation.id, *(line(f"SM{at}") for at in range(5)))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert count_messages(tx) == 5
        assert count_messages(tx, through=outcomes[2].serial) == 3
