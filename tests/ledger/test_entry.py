"""What an entry commits to, byte for byte: these bytes stay as they are for as long as there are archives."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.core.canonical import canonical_json
from archive.ledger.entry import Event, clear_of_event, commitment, document, encode, leaf_data, leaf_prefix, place

AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


class Reasoned(Event, frozen=True, kw_only=True):
    kind = "test.reasoned"
    private = frozenset({"reason", "who"})
    reason: str
    who: str | None = None
    count: int | None = None


def test_a_leaf_holds_these_bytes() -> None:
    assert leaf_data(7, "message.stored", AT, b"\x01" * 32) == (
        b'{"at":"2026-11-23T09:00:00.123456Z","commit":"%b","kind":"message.stored","seq":7,"v":1}' % (b"01" * 32)
    )


@given(seq=st.integers(1, 2**62), commit=st.binary(min_size=32, max_size=32), at=st.datetimes(timezones=st.just(UTC)))
def test_a_leaf_is_canonical_json(seq: int, commit: bytes, at: datetime) -> None:
    leaf = leaf_data(seq, "key.made", at, commit)
    assert canonical_json(json.loads(leaf)) == leaf
    assert json.loads(leaf)["commit"] == commit.hex()


def test_a_leaf_is_its_prefix_with_commitment_and_number() -> None:
    assert leaf_prefix("key.made", AT) % (b"ab", 3) == leaf_data(3, "key.made", AT, b"\xab")


def test_a_commitment_is_the_hash_of_salt_and_document() -> None:
    clear, content = b'{"a":1}', b'{"b":2}'
    assert document(clear, content) == b'{"clear":{"a":1},"content":{"b":2}}'
    assert commitment(b"s" * 32, clear, content) == hashlib.sha256(b"s" * 32 + document(clear, content)).digest()


@given(clear=anything, content=anything)
def test_a_document_of_canonical_halves_is_canonical(clear: object, content: object) -> None:
    whole = document(canonical_json(clear), canonical_json(content))
    assert canonical_json(json.loads(whole)) == whole


@given(value=anything)
def test_the_quick_encoder_writes_the_same_bytes_as_the_slow_one(value: object) -> None:
    assert encode(value) == canonical_json(value)


@pytest.mark.parametrize("text", ["\ud83d", "\ude00\ud83d", "a\udfffb", "\0", "\x1f\x7f", "🙂", "e\u0301", "\u2028"])
def test_both_encoders_agree_on_odd_characters(text: str) -> None:
    assert encode({"text": text}) == canonical_json({"text": text})
    assert json.loads(encode({"text": text})) == {"text": text}


def test_details_that_may_name_a_person_are_apart_from_the_others() -> None:
    clear, private = Reasoned(subject="message:7", reason="Dana asked", who="Dana", count=3).split()
    assert clear == {"count": 3}
    assert private == {"reason": "Dana asked", "who": "Dana"}


def test_what_is_not_set_is_not_written() -> None:
    assert Reasoned(reason="none").split() == ({}, {"reason": "none"})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("person:a", "b", b"{}"), ("person:ab", None, b"{}")),
        (("person:a", None, b"{}"), ("person:a", "null", b"{}")),
        (('person:"', "x", b"{}"), ("person:", '"x', b"{}")),
    ],
)
def test_no_two_events_share_their_clear_half(
    first: tuple[str, str | None, bytes], second: tuple[str, str | None, bytes]
) -> None:
    assert clear_of_event(*first) != clear_of_event(*second)
    assert json.loads(clear_of_event(*first))["actor"] == first[0]


def test_a_place_names_organisation_and_number_without_ambiguity() -> None:
    assert place(1, 23) != place(12, 3)
