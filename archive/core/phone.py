"""Who a text is from or to: a number in E.164, a short code, a sender's name, or just what was received.

Nothing is ever refused here. Whether a number is assigned is not asked either: an archive keeps what was
sent, and numbering plans grow.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from unicodedata import category, normalize

from archive.core.area_codes import US_TERRITORIES, region_of

Kind = Literal["number", "short-code", "name", "unparsed"]

LONGEST_NAME: Final = 11
_REMEMBERED: Final = 16_384

# After +1 come exactly ten digits; elsewhere E.164 allows up to fifteen with the calling code.
_is_e164: Final = re.compile(r"\+(?:1[0-9]{10}|[2-9][0-9]{6,14})").fullmatch
_is_short_code: Final = re.compile(r"[0-9]{3,6}").fullmatch
_is_national: Final = re.compile(r"[2-9][0-9]{9}").fullmatch
_has_calling_code: Final = re.compile(r"[1-9][0-9]{10,14}").fullmatch
_international: Final = re.compile(r"(?:011|00)([1-9][0-9]+)").fullmatch
_tel: Final = re.compile(r"tel:([^;]*)(?:;.*)?", re.IGNORECASE | re.DOTALL).fullmatch
_trunk_zero: Final = re.compile(r"(?<=[0-9 ])\(0\)")
_separators: Final = re.compile(r"[\s().\-/\u2010-\u2015\u2212]+")

# The calling codes of one and two digits; all others have three (ITU-T E.164).
_calling_code: Final = re.compile(r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3}").match


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a text. `address` is E.164 for a number, and otherwise what was received.

    `region` (ISO 3166) is known for +1 numbers only, which share their calling code among countries.
    """

    kind: Kind
    address: str
    region: str | None = None

    @property
    def e164(self) -> str | None:
        return self.address if self.kind == "number" else None


@lru_cache(maxsize=_REMEMBERED)
def parse(raw: str) -> Party:
    """Read an address as providers and people write it, from inside North America. Never raises."""
    return _number(raw) if _is_e164(raw) else _read(raw)


def is_domestic(party: Party, *, territories: bool = False) -> bool:
    """Whether this is a number of the US or Canada; US territories (PR, VI, GU, AS, MP) count if wanted.

    Short codes and names are no numbers, so they are neither domestic nor abroad: ask `kind` first.
    """
    return party.region in ("US", "CA") or (territories and party.region in US_TERRITORIES)


def display(address: str) -> str:
    """The address for people to read: +1 (415) 555-0188, +44 207 946 0958, and what is no number as it is."""
    party = parse(address)
    if party.kind != "number":
        return party.address
    digits = party.address[1:]
    if digits[0] == "1":
        return f"+1 ({digits[1:4]}) {digits[4:7]}-{digits[7:]}"
    code = _calling_code(digits)
    length = code.end() if code else 0
    return " ".join([f"+{digits[:length]}", *_groups(digits[length:])])


def _read(raw: str) -> Party:
    written = _without_tel(_plain(raw))
    if _is_short_code(written):
        return Party("short-code", written)
    if e164 := _to_e164(written):
        return _number(e164)
    name = raw.strip()
    return Party("name", name) if _is_name(name) else Party("unparsed", raw)


def _number(e164: str) -> Party:
    return Party("number", e164, region_of(e164[2:5]) if e164[1] == "1" else None)


def _to_e164(written: str) -> str | None:
    digits = _separators.sub("", _trunk_zero.sub("", written) if written.startswith("+") else written)
    if digits.startswith("+"):
        return digits if _is_e164(digits) else None
    if _is_national(digits):
        return f"+1{digits}"
    # Several providers write E.164 without its plus; eleven digits or more can be nothing else.
    dialled = _international(digits)
    e164 = f"+{dialled[1]}" if dialled else f"+{digits}" if _has_calling_code(digits) else ""
    return e164 if _is_e164(e164) else None


def _plain(raw: str) -> str:
    """Without the wide digits of East Asian keyboards and the invisible marks that pasting brings along."""
    if raw.isascii():
        return raw.strip()
    visible = (character for character in normalize("NFKC", raw) if category(character) != "Cf")
    return "".join(visible).strip()


def _without_tel(written: str) -> str:
    found = _tel(written)
    return found[1] if found else written


def _is_name(text: str) -> bool:
    """Alphanumeric senders have up to eleven characters, at least one letter, and little punctuation."""
    allowed = all(character.isalnum() or character in " &+-._'!" for character in text)
    return len(text) <= LONGEST_NAME and allowed and any(character.isalpha() for character in text)


def _groups(digits: str) -> list[str]:
    """In threes, and the end in up to four."""
    end = max(range(0, len(digits), 3)) if len(digits) % 3 != 1 else len(digits) - 4
    return [digits[at : at + 3] for at in range(0, end, 3)] + [digits[end:]]
