"""The format of segments: whole or not at all, and readable with nothing but JSON and SHA-256."""

import hashlib
import json
from typing import Any

import msgspec
import pytest

from archive.core.errors import Damaged
from archive.segments import layout
from archive.segments.layout import Entry, Owner, Record, encode_line, read_segment, segment

OWNER = Owner(7, "org_x", "Harbour Wealth", "texts.example/org_x", 1_763_888_400_000_000)
CLEAR = b'{"account":"AC\xf0\x9f\x99\x82","expires_at":"2027-12-28T09:00:00Z","seq":4}'
LINES = [
    Entry(3, "number.added", 5, "operator:cli", b"c" * 32, "num_1", '{"state":"\\ud83d"}', 2**62, b"\x00\xff"),
    Entry(4, "message.stored", 6, "key:apk_1", b"d" * 32, day="2027-12-28", lasts=(-(2**63), 2**63 - 1)),
    Record(4, "message.stored", 6, "key:apk_1", b"d" * 32, 9, bytes(range(256)), msgspec.Raw(CLEAR)),
]


@pytest.fixture
def content() -> bytes:
    return segment("ledger", OWNER, [encode_line(line) for line in LINES], first=3, last=4)


def test_what_was_written_is_read(content: bytes) -> None:
    read = read_segment("a/b", content)
    assert (read.header.kind, read.header.organisation, read.header.first, read.header.last) == ("ledger", OWNER, 3, 4)
    assert list(read) == LINES
    assert [bytes(line.clear) for line in read if isinstance(line, Record)] == [CLEAR]


def test_a_stranger_reads_it_with_the_standard_library(content: bytes) -> None:
    *lines, trailer = content.splitlines(keepends=True)
    assert json.loads(trailer) == {"records": 3, "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}
    header, entry, *_ = map(json.loads, lines)
    assert (header["format"], header["v"], header["organisation"]["name"]) == (
        "textarchive-segment",
        1,
        "Harbour Wealth",
    )
    assert (entry["t"], entry["seq"], entry["key_id"]) == ("entry", 3, 2**62)


def test_no_byte_can_be_changed_or_lost_unnoticed(content: bytes) -> None:
    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= 1
        with pytest.raises(Damaged, match="a/b"):
            list(read_segment("a/b", bytes(changed)))
    for length in range(len(content) - 1):
        with pytest.raises(Damaged):
            read_segment("a/b", content[:length])


def test_lines_that_are_missing_or_doubled_are_noticed(content: bytes) -> None:
    lines = content.splitlines(keepends=True)
    for wrong in (lines[:1] + lines[2:], lines[:2] + lines[1:], lines[:-1], lines + lines[-1:]):
        with pytest.raises(Damaged):
            read_segment("a/b", b"".join(wrong))


@pytest.mark.parametrize("nonsense", [b"", b"\n", b"\n\n", b"{}\n{}\n", b"[]\n[]\n", b"x", b"\xff\n\xff\n"])
def test_what_is_no_segment_is_said_to_be_none(nonsense: bytes) -> None:
    with pytest.raises(Damaged):
        read_segment("a/b", nonsense)


def _as_if(content: bytes, **header: Any) -> bytes:
    """Another header, with a check sum that fits."""
    first, *rest = content.splitlines(keepends=True)[:-1]
    body = json.dumps({**json.loads(first), **header}).encode() + b"\n" + b"".join(rest)
    return body + json.dumps({"records": len(rest), "sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n"


def test_another_version_is_refused_and_unknown_fields_are_passed_over(content: bytes) -> None:
    with pytest.raises(Damaged, match="can't read"):
        read_segment("a/b", _as_if(content, v=layout.VERSION + 1))
    with pytest.raises(Damaged, match="can't read"):
        read_segment("a/b", _as_if(content, format="something-else"))
    assert list(read_segment("a/b", _as_if(content, compressed=False))) == LINES


def test_an_empty_segment_is_one_too() -> None:
    assert list(read_segment("a/b", segment("state", OWNER, []))) == []
