"""The format of everything that the vault holds beside checkpoints: lines of JSON that check themselves.

    {"format": "textarchive-segment", "v": 1, "kind": …, "organisation": {…}, …}      the header
    {"t": …, …}                                                                       a line each, see below
    {"records": 17, "sha256": "9f86…"}                                                over every byte before this line

`kind` says what the lines are: `records` (sealed texts and quarantined items of one day of expiry), `ledger` (a run of
entries without a gap, with the checkpoints signed on the way and the names of the segments that its records went into),
`state` (rows of small tables), `keys` (wrapped keys). Binary values are base64, moments microseconds since 1970 UTC,
numbers up to 64 bits wide. Whatever could tell something about a text, or name somebody, is sealed.

Written and read line by line. Unknown fields are passed over; an unknown version is refused.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from archive.core.errors import Damaged

FORMAT = "textarchive-segment"
VERSION = 1


class Entry(msgspec.Struct, frozen=True, gc=False, tag_field="t", tag="entry", omit_defaults=True):
    """One entry of the ledger. `day`: of the key that its record is sealed under; `lasts`: what outlives the record, in
    numbers; `texts`: ranges of the records that it put under a hold, or began to destroy.
    """

    seq: int
    kind: str
    at: int
    actor: str
    commit: bytes
    subject: str | None = None
    detail: str | None = None
    key_id: int | None = None
    sealed: bytes | None = None
    day: str | None = None
    lasts: tuple[int, ...] | None = None
    texts: tuple[tuple[int, int], ...] | None = None


class Part(msgspec.Struct, frozen=True, gc=False, tag_field="t", tag="part"):
    """A segment of records that belongs to a segment of the ledger."""

    name: str
    day: str
    records: int


class Signed(msgspec.Struct, frozen=True, gc=False, tag_field="t", tag="checkpoint"):
    size: int
    note: str
    signed_at: int


class Record(msgspec.Struct, frozen=True, gc=False, tag_field="t", tag="record"):
    """`clear`: the half that may be read, as it was committed to."""

    seq: int
    kind: str
    at: int
    actor: str
    commit: bytes
    key_id: int
    sealed: bytes
    clear: msgspec.Raw


class Rows(msgspec.Struct, frozen=True, gc=False, tag_field="t", tag="rows"):
    """Some rows of a table: MessagePack of a list of lists, in the order of `columns`, sealed."""

    table: str
    columns: tuple[str, ...]
    key_id: int
    sealed: bytes


class WrappedKey(msgspec.Struct, frozen=True, gc=False, tag_field="t", tag="key"):
    id: int
    purpose: str
    period: str
    wrapped: bytes | None
    made_at: int
    destroyed_at: int | None


Line = Entry | Part | Signed | Record | Rows | WrappedKey
_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Line)


class Owner(msgspec.Struct, frozen=True):
    """Whose segment it is: all that an empty database needs to know of an organisation."""

    id: int
    public_id: str
    name: str
    origin: str
    created_at: int


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """`first` and `last` are sequence numbers; of `state` the last is where the ledger stood."""

    format: str
    v: int
    kind: str
    organisation: Owner
    first: int = 0
    last: int = 0
    day: str | None = None
    part: int = 1
    parts: int = 1


class _Trailer(msgspec.Struct, frozen=True):
    records: int
    sha256: str


def encode_line(line: Line) -> bytes:
    return _encode(line) + b"\n"


def segment(kind: str, organisation: Owner, lines: list[bytes], **more: Any) -> bytes:
    """A whole object from its encoded lines."""
    header = _encode(Header(FORMAT, VERSION, kind, organisation, **more)) + b"\n"
    digest = hashlib.sha256(header)
    for line in lines:
        digest.update(line)
    trailer = _encode(_Trailer(len(lines), digest.hexdigest())) + b"\n"
    return b"".join([header, *lines, trailer])


@dataclass(frozen=True, slots=True)
class Segment:
    """An object that has passed its own check."""

    header: Header
    _content: bytes
    _start: int
    _end: int

    def __iter__(self) -> Iterator[Line]:
        at = self._start
        while at < self._end:
            until = self._content.index(b"\n", at)
            yield _decoder.decode(memoryview(self._content)[at:until])
            at = until + 1


def read_segment(name: str, content: bytes) -> Segment:
    """Raises `Damaged` unless it is whole, of a version that is known, and every byte as it was written."""
    try:
        end = content.rindex(b"\n", 0, len(content) - 1) + 1
        start = content.index(b"\n") + 1
        trailer = msgspec.json.decode(content[end:], type=_Trailer)
        header = msgspec.json.decode(content[: start - 1], type=Header)
    except (ValueError, msgspec.MsgspecError):
        raise _damaged(name, "is cut off or is no segment") from None
    if hashlib.sha256(memoryview(content)[:end]).hexdigest() != trailer.sha256:
        raise _damaged(name, "is not what its own check sum says")
    if (header.format, header.v) != (FORMAT, VERSION):
        raise _damaged(name, f"is of format {header.format} {header.v}, which this version can't read")
    if content.count(b"\n", start, end) != trailer.records:
        raise _damaged(name, "has another number of lines than it says")
    return Segment(header, content, start, end)


def _damaged(name: str, what: str) -> Damaged:
    return Damaged(f"The segment {name} {what}.", "Put it back from another copy of the vault.")
