"""How one word becomes the term that all its spellings share."""

import unicodedata
from typing import Final

# Whoosh keeps the length of a term in 16 bits, and nobody types more than this of one word.
LONGEST_TERM: Final = 100

# Canonical combining classes (Unicode 15, UnicodeData field 3), and how the marks without a class are called.
_FIRST_POINT: Final = 10
_LAST_POINT: Final = 36
_FIRST_ACCENT: Final = 200
# An Arabic word may be stretched with as many of these as please the eye.
_STRETCH: Final = "\u0640"
_VARIATION: Final = ("VARIATION SELECTOR", "MONGOLIAN FREE", "COMBINING GRAPHEME JOINER")


def fold(raw: str) -> str:
    """One lower-case word without its accents and invisible characters, its digits in ASCII."""
    if raw.isascii():
        return raw[:LONGEST_TERM]
    bare = "".join(filter(_is_kept, unicodedata.normalize("NFKD", raw))).casefold()
    # Case folding can bring new compatibility characters and marks, hence the second round.
    again = filter(_is_kept, unicodedata.normalize("NFKD", bare))
    return "".join(map(_ascii_digit, again))[:LONGEST_TERM]


def _is_kept(character: str) -> bool:
    """Whether a character of a decomposed word counts: an accent does not, a vowel sign does."""
    category = unicodedata.category(character)
    if category != "Mn":
        return category[0] not in "CZ" and category != "Me" and character != _STRETCH
    mark = unicodedata.combining(character)
    if mark == 0:
        return not unicodedata.name(character, "").startswith(_VARIATION)
    # Accents, Hebrew and Arabic points go. Nuktas, viramas and the vowels of Thai, Lao and Tibetan are
    # letters.
    return not (mark == 1 or _FIRST_POINT <= mark <= _LAST_POINT or mark >= _FIRST_ACCENT)


def _ascii_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
