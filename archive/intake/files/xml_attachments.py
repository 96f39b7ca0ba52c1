"""Takes pictures and films out of a stream of XML as it passes, and leaves what they can be told by.

A backup holds them as base64 in `<part … data="…"/>`, of any length; a parser would have to hold each whole.
What is left is `data="sha256:… bytes:…"`, of the decoded bytes: enough to find the same file elsewhere.
"""

import hashlib
import re
from base64 import b64decode
from collections.abc import Generator, Iterator

from archive.intake.files.model import LARGEST

# No attribute may hold a "<" (XML 1.0 §3.1), so that "<part" is always the beginning of a tag.
_ATTRIBUTE = rb"""\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')"""
_DATA_BEGINS = re.compile(rb"""<part(?:%s)*?\s+data\s*=\s*(["'])""" % _ATTRIBUTE)
_WHOLE_TAG = re.compile(rb"<part(?:%s)*\s*/?>" % _ATTRIBUTE)
_BREAK = re.compile(rb"&#[xX]?[0-9a-fA-F]{1,6};|\s")
_LONGEST_BREAK = 10
_TAG = b"<part"
_NULL = b"null"


def attachments_told(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, but for the values of `data` in `<part>`."""
    held = b""
    for chunk in chunks:
        held += chunk
        while found := _DATA_BEGINS.search(held):
            yield held[: found.end()]
            held = yield from _pass_over(held[found.end() :], found[1], chunks)
        ready = _ready(held)
        if ready:
            yield held[:ready]
            held = held[ready:]
    if held:
        yield held


def _ready(held: bytes) -> int:
    """How many of these bytes can go on: all before a tag that isn't whole, which may still come to its data."""
    begins = held.rfind(_TAG)
    if begins < 0 or _WHOLE_TAG.match(held, begins):
        begins = held.rfind(b"<", -len(_TAG))
    return len(held) if begins < 0 or len(held) - begins > LARGEST else begins


def _pass_over(rest: bytes, quote: bytes, chunks: Iterator[bytes]) -> Generator[bytes, None, bytes]:
    """Yields what stands for the value that begins here; returns what follows it, from its closing quote on."""
    value = _Value()
    while (end := rest.find(quote)) < 0:
        value.take(rest)
        rest = next(chunks, b"")
        if not rest:
            return b""
    value.take(rest[:end])
    yield value.told()
    return rest[end:]


class _Value:
    """Base64 that passes by; line breaks in it may be white space or references to it."""

    def __init__(self) -> None:
        self._digest, self._bytes = hashlib.sha256(), 0
        self._written, self._letters = b"", b""
        self._is_null, self._is_broken, self._is_xml = True, False, True

    def take(self, written: bytes) -> None:
        self._is_xml = self._is_xml and b"<" not in written
        self._written += written
        begins = self._written.rfind(b"&", -_LONGEST_BREAK)
        ready = begins if begins >= 0 else len(self._written)
        self._decode(self._written[:ready])
        self._written = self._written[ready:]

    def told(self) -> bytes:
        self._decode(self._written)
        if not self._is_xml:
            return b"<"  # A tag inside a value: the parser is to stumble over it as it would have.
        if self._is_null:
            return self._letters
        if self._is_broken or self._letters:
            return b"unreadable"
        return b"sha256:%s bytes:%d" % (self._digest.hexdigest().encode(), self._bytes)

    def _decode(self, written: bytes) -> None:
        self._letters += _BREAK.sub(b"", written)
        if self._is_null and _NULL.startswith(self._letters):
            return
        self._is_null = False
        whole = len(self._letters) // 4 * 4
        try:
            decoded = b64decode(self._letters[:whole], validate=True)
        except ValueError:
            self._is_broken, decoded = True, b""
        self._digest.update(decoded)
        self._bytes += len(decoded)
        self._letters = self._letters[whole:]
