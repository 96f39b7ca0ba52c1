"""The zip file that is attached to a mail, saved as the mail passes by: neither is ever held whole."""

import binascii
from base64 import b64decode
from collections.abc import Iterator
from email.message import Message as Mail
from email.parser import BytesHeaderParser
from typing import IO

from archive.intake.files.bundles import lines_of
from archive.intake.files.model import NoText
from archive.intake.files.xml_stream import Readable

LONGEST_HEADER = 256_000

# What the standard library raises for headers that are made to be odd.
_ODD = (ValueError, LookupError, AttributeError, TypeError)


def save_attached_zip(document: Readable, target: IO[bytes]) -> None:
    """NoText unless exactly one file is attached, and written in base64."""
    lines = lines_of(document)
    boundary, count = _boundary(_headers(lines)), 0
    _pass_over(lines, boundary)
    while (headers := _headers(lines)).keys():
        if not _is_attached(headers):
            _pass_over(lines, boundary)
            continue
        count += 1
        if count > 1:
            raise NoText("More than one file is attached to this mail, where exactly one may be.")
        _save(lines, boundary, target)
    if count == 0:
        raise NoText("No file is attached to this mail.")
    target.seek(0)


def _headers(lines: Iterator[bytes]) -> Mail:
    """Up to the next empty line, or to the end."""
    block = bytearray()
    for line in lines:
        if not line.strip(b"\r\n"):
            break
        block += line
        if len(block) > LONGEST_HEADER:
            raise NoText(f"A header of this mail is longer than {LONGEST_HEADER:,} bytes.")
    return BytesHeaderParser().parsebytes(bytes(block))


def _boundary(headers: Mail) -> bytes:
    try:
        found = headers.get_boundary()
    except _ODD:
        found = None
    if not found:
        raise NoText("No file is attached to this mail.")
    return f"--{found}".encode("utf-8", "surrogateescape")


def _is_attached(headers: Mail) -> bool:
    try:
        attached = headers.get_content_disposition() == "attachment" or bool(headers.get_filename())
        encoding = str(headers.get("content-transfer-encoding", "")).strip().casefold()
    except _ODD:
        raise NoText("A part of this mail has a header that can't be read.") from None
    if attached and encoding != "base64":
        raise NoText("The file that is attached to this mail isn't written in base64.")
    return attached


def _pass_over(lines: Iterator[bytes], boundary: bytes) -> None:
    for _line in _content(lines, boundary):
        pass


def _content(lines: Iterator[bytes], boundary: bytes) -> Iterator[bytes]:
    """Up to the next boundary, which is taken; after the last one there is nothing but what nobody reads."""
    for line in lines:
        plain = line.rstrip()
        if plain == boundary:
            return
        if plain == boundary + b"--":
            for _rest in lines:
                pass
            return
        yield plain


def _save(lines: Iterator[bytes], boundary: bytes, target: IO[bytes]) -> None:
    held = b""
    try:
        for line in _content(lines, boundary):
            held += b"".join(line.split())
            whole = len(held) - len(held) % 4
            target.write(b64decode(held[:whole], validate=True))
            held = held[whole:]
        target.write(b64decode(held, validate=True))
    except binascii.Error:
        raise NoText("The file that is attached to this mail isn't base64 throughout.") from None
