"""Mends character references that no XML may hold, in a stream of any size, before a parser sees them.

Some phones write what lies beyond U+FFFF as two references to surrogates (`&#55357;&#56832;` for 😀), and
control characters as references to them. Either ends a parser's work for the whole file.
"""

import re
from collections.abc import Iterator

_HIGH = rb"&#(?:5529[6-9]|55[3-9][0-9]{2}|56[0-2][0-9]{2}|563[01][0-9]|[xX][dD][89abAB][0-9a-fA-F]{2});"
_LOW = rb"&#(?:563[2-9][0-9]|56[4-9][0-9]{2}|57[0-2][0-9]{2}|573[0-3][0-9]|5734[0-3]|[xX][dD][c-fC-F][0-9a-fA-F]{2});"
_REFERENCE = re.compile(rb"(%s)(%s)|&#(?:[xX][0-9a-fA-F]{1,8}|[0-9]{1,10});" % (_HIGH, _LOW))
_UNFINISHED = re.compile(rb"(?:%s)?(?:&#?[0-9a-fA-FxX]{0,10})?\Z" % _HIGH)
_LONGEST = 40
"""Bytes: more than a whole reference and the beginning of the next one take."""

_HIGH_BEGINS, _LOW_BEGINS, _BEYOND = 0xD800, 0xDC00, 0x10000


def references_mended(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, pairs of surrogates joined into one reference each.

    A half pair and a control character stay as they are written: `&#55357;` becomes the eight visible characters,
    since XML can carry them in no other way.
    """
    held = b""
    for chunk in chunks:
        held += chunk
        unfinished = _UNFINISHED.search(held, max(0, len(held) - _LONGEST))
        ready = unfinished.start() if unfinished else len(held)
        if ready:
            yield _REFERENCE.sub(_mended, held[:ready])
        held = held[ready:]
    if held:
        yield _REFERENCE.sub(_mended, held)


def _mended(found: re.Match[bytes]) -> bytes:
    if found[1]:
        high, low = _code_point(found[1]) - _HIGH_BEGINS, _code_point(found[2]) - _LOW_BEGINS
        return b"&#%d;" % (_BEYOND + (high << 10) + low)
    return found[0] if _is_character(_code_point(found[0])) else b"&amp;" + found[0][1:]


def _code_point(reference: bytes) -> int:
    digits = reference[2:-1]
    return int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)


def _is_character(number: int) -> bool:
    """XML 1.0 §2.2."""
    return number in (9, 10, 13) or any(
        first <= number <= last for first, last in ((0x20, 0xD7FF), (0xE000, 0xFFFD), (_BEYOND, 0x10FFFF))
    )
