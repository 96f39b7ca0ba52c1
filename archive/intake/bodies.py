"""What one request brings: a body of JSON or of lines, cut into items without losing a byte of any."""

import io
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from archive.core.canonical import canonical_json, parse_json
from archive.core.errors import BadInput, TooLarge

MOST_BYTES = 32 * 1024 * 1024
MOST_ITEMS = 10_000
MOST_LINES = 10 * MOST_ITEMS
"""Blank ones included: millions of those would keep a worker busy for nothing."""

_BUFFER = 65_536


class _Envelope(msgspec.Struct):
    messages: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET


_envelope = msgspec.json.Decoder(_Envelope)


def read_lines(stream: IO[bytes]) -> list[bytes]:
    """The lines of an NDJSON body that hold something. Raises `TooLarge` beyond either limit."""
    lines: list[bytes] = []
    size = 0
    for count, line in enumerate(_buffered(stream), 1):
        size += len(line)
        _demand_size(size)
        if count > MOST_LINES:
            raise TooLarge(f"There are more than {MOST_LINES:,} lines.", "Send them in several requests.")
        if not line.isspace():
            lines.append(line.rstrip(b"\r\n"))
            _demand_count(len(lines))
    return lines


def read_items(stream: IO[bytes]) -> list[bytes]:
    """The items of a JSON body: those of `messages`, or the body itself, be it readable or not."""
    body = stream.read(MOST_BYTES + 1)
    _demand_size(len(body))
    if not body.strip():
        raise BadInput("The request has no body.", 'Send one message object, or {"messages": [...]}.')
    items = _items_of(body)
    _demand_count(len(items))
    return items


def _items_of(body: bytes) -> list[bytes]:
    try:
        envelope = _envelope.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _items_leniently(body)
    return [body] if envelope.messages is msgspec.UNSET else [bytes(item) for item in envelope.messages]


def _items_leniently(body: bytes) -> list[bytes]:
    """For half surrogate pairs. What can't be read at all is one item, which the quarantine keeps."""
    try:
        value: Any = parse_json(body.decode())
    except (ValueError, RecursionError):
        return [body]
    messages = value.get("messages") if isinstance(value, dict) else None
    return [canonical_json(item) for item in messages] if isinstance(messages, list) else [body]


def _buffered(stream: IO[bytes]) -> Iterator[bytes]:
    """Reading a request's stream line by line without a buffer takes a thousand times as long."""
    reader = io.BufferedReader(stream, _BUFFER)  # type: ignore[type-var]
    while line := reader.readline(MOST_BYTES + 1):
        yield line


def _demand_size(size: int) -> None:
    if size > MOST_BYTES:
        raise TooLarge(f"The body is larger than {MOST_BYTES // 1024 // 1024} MB.", "Send it in several requests.")


def _demand_count(count: int) -> None:
    if count > MOST_ITEMS:
        raise TooLarge(f"There are more than {MOST_ITEMS:,} messages.", "Send them in several requests.")
