"""In how many parts a text goes over the air: GSM-7 or UCS-2, units and segments (3GPP TS 23.038, 23.040).

A text that fits one part has all of its room; of several parts, each gives 6 octets to the header that
joins them.
"""

import re
from typing import Literal, NamedTuple

Encoding = Literal["gsm-7", "ucs-2"]

# The 128 places of the GSM 7-bit default alphabet without its escape, which is never a character of a text.
GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These cost two septets each, an escape and another letter.
GSM_EXTENSION = "\f^{}\\[~]|€"

GSM_SINGLE, GSM_PART = 160, 153
UCS_SINGLE, UCS_PART = 70, 67

_ESCAPE, _ESCAPED = "\x1b", "\x1b."
_extension = re.compile(f"[{re.escape(GSM_EXTENSION)}]")
# Possessive, so that a last character from outside is found without trying every shorter text.
_is_basic = re.compile(f"[{re.escape(GSM_BASIC)}]*+").fullmatch
_is_gsm = re.compile(f"[{re.escape(GSM_BASIC + GSM_EXTENSION)}]*+").fullmatch

# The first octet of a code unit, without its two lowest bits, says which half of a surrogate pair it is.
_HALF_MASK, _HIGH_HALF, _LOW_HALF = 0xFC, 0xD8, 0xDC


class Segments(NamedTuple):
    """`units` are septets of GSM-7 or UTF-16 code units of UCS-2, without the headers of the parts."""

    encoding: Encoding
    units: int
    segments: int


_ONE_PART = [Segments("gsm-7", units, 1) for units in range(GSM_SINGLE + 1)]
"""What nearly every text comes to, made once."""


def measure(text: str) -> Segments:
    """How the text is encoded and into how many parts it is cut; an empty text is one part."""
    if _is_basic(text):
        units = len(text)
        return _ONE_PART[units] if units <= GSM_SINGLE else Segments("gsm-7", units, -(-units // GSM_PART))
    if _is_gsm(text):
        # With an escape and any letter for each extension, the text has one character for each septet.
        return _gsm_segments(_extension.sub(_ESCAPED, text))
    return _ucs_segments(text)


def _gsm_segments(septets: str) -> Segments:
    units = len(septets)
    if units <= GSM_SINGLE:
        return Segments("gsm-7", units, 1)
    start = segments = 0
    while start < units:
        start += GSM_PART
        # A part that would end in an escape leaves it to the next one, where its letter is.
        start -= septets[start - 1 : start] == _ESCAPE
        segments += 1
    return Segments("gsm-7", units, segments)


def _ucs_segments(text: str) -> Segments:
    # Half a surrogate pair can arrive through JSON; it is sent as the one unit that it is.
    encoded = text.encode("utf-16-be", "surrogatepass")
    units = len(encoded) // 2
    if units <= UCS_SINGLE:
        return Segments("ucs-2", units, 1)
    start = segments = 0
    while start < units:
        start += UCS_PART
        start -= start < units and _is_pair(encoded, start - 1)
        segments += 1
    return Segments("ucs-2", units, segments)


def _is_pair(encoded: bytes, unit: int) -> bool:
    """Whether the two halves of a surrogate pair stand at this code unit and the next."""
    high, low = encoded[2 * unit], encoded[2 * unit + 2]
    return high & _HALF_MASK == _HIGH_HALF and low & _HALF_MASK == _LOW_HALF
