"""The words in `attributedBody`, where newer Macs keep a text: a string in the archive of an NSAttributedString.

Only as much of the format (typedstream) is read as leads to its first string: the class's name, five bytes of types,
a length of one byte, or of two or four behind 0x81 or 0x82, and UTF-8.
"""

import re

_STRING = re.compile(rb"NSString\x01[\x80-\xff]\x84\x01\+")
_WIDTHS = {0x81: 2, 0x82: 4}


def words_in(body: bytes) -> str | None:
    """None if there is no string, or not a whole one."""
    found = _STRING.search(body)
    if found is None or found.end() >= len(body):
        return None
    at, first = found.end() + 1, body[found.end()]
    width = _WIDTHS.get(first, 0)
    length = int.from_bytes(body[at : at + width], "little") if width else first
    words = body[at + width : at + width + length]
    if len(words) < length or (not width and first >= min(_WIDTHS)):
        return None
    try:
        return words.decode()
    except UnicodeDecodeError:
        return None
