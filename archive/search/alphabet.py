"""What counts as a word: the character classes, and the two regular expressions that cut a text into
raw words.

A *raw word* is what one match returns; `archive.search.analysis` turns it into terms. Both expressions
give the same answer for a text that is all ASCII; the short one exists because most texts are, and it
is faster.
"""

import re
from typing import Final

# Han, kana, bopomofo, Thai, Lao, Khmer, Burmese and Hangul are written without spaces (or, in Korean,
# with endings glued on). The small marks that change a kana (U+3099, U+309A, U+FF9E, U+FF9F) and the
# parts of a decomposed Hangul syllable belong to the run.
UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u1000-\u103f\u1050-\u108f\u1780-\u17d3"
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u3096\u3099\u309a\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af"
)

# `\w` leaves combining marks out, so that a decomposed é or a Hindi vowel sign would cut its word in
# two (Unicode categories Mn, Mc and Me of the living scripts). The rest are invisible: soft hyphen,
# joiners, direction marks.
IN_WORD: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u07f3\u07fd\u0816-\u082d\u0859-\u085b\u0898-\u08e1"
    "\u08e3-\u0963\u0981-\u09e3\u09fe-\u0a75\u0a81-\u0ae3\u0afa-\u0b63\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0c83"
    "\u0cbc-\u0d4d\u0d57-\u0d63\u0d81-\u0df3\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ecd\u0f18\u0f19\u0f35\u0f37\u0f39"
    "\u0f3e-\u0f84\u0f86-\u0fbc\u0fc6\u102b-\u103e\u1056-\u109d\u135d-\u135f\u1712-\u1734\u1752-\u17d3\u17dd"
    "\u180b-\u180f\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b44\u1b6b-\u1b73\u1b80-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2"
    "\u1cd4-\u1dff\u20d0-\u20f0\ua66f-\ua672\ua674-\ua67d\ua802-\ua82c\ua880-\ua8c5\ua8e0-\ua8f1\ua926-\ua92d"
    "\ua947-\ua953\ua980-\ua9c0\ua9e5-\uaa4d\uaa7b-\uaac1\uaaeb-\uaaef\uabe3-\uabea\uabec\uabed\ufb1e\ufe00-\ufe0f"
    "\ufe20-\ufe2f\xad\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u061c\ufeff"
)

# What may stand inside a word as an apostrophe, plus the zero-width space, which some put in to hide a word.
JOINT: Final = "'`\xb4\u02bc\u2018\u2019\u201b\uff07\u200b"

# U+200D glues pictures together, the tones U+1F3FB to U+1F3FF colour them, U+FE0F asks for the coloured
# drawing.
PICTURE: Final = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2580-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_TONE = "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\u20e3\U000e0020-\U000e007f"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"

_GAP = "[ \xa0\u2009\u202f./\\-\u2010-\u2015\u2212]"
_TELEPHONE = (
    # North America: +1 (415) 555-0188, 1-415-555-0188, 415.555.0188, 415 - 555 - 0188
    rf"(?:\+?1{_GAP}{{0,3}})?(?:\(\d{{3}}\){_GAP}{{0,3}}|\d{{3}}{_GAP}{{1,3}})\d{{3}}{_GAP}{{0,3}}\d{{4}}(?!\d)"
    # anywhere, seven digits or more after the plus: +44 20 7946 0958
    rf"|\+(?=\d(?:{_GAP}?\(?\d\)?){{6}})\d{{1,3}}(?:{_GAP}?\(?\d{{1,4}}\)?){{2,6}}(?!\d)"
    # a local number, 555-0188
    r"|\d{3}[.\-]\d{4}(?!\d)"
)
_AMOUNT = r"(?<!\d[.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+[.,]\d+)(?![.,]?\d)"

_ASCII_TAIL = r"[a-z0-9]*+(?:['`]++[a-z0-9]++)*+"
_START = rf"[^\W_{UNSPACED}]"
_LETTERS = rf"{_START}+(?:[{IN_WORD}]+(?:{_START}+)?)*"
_WORD = rf"{_LETTERS}(?:[{JOINT}]+{_LETTERS})*"
_PICTURES = rf"[{PICTURE}][{_TONE}]*(?:\u200d[{PICTURE}][{_TONE}]*)*"

# The look-ahead spares every space the three expressions for numbers, and a third of the time.
ASCII_RAW_WORDS: Final = re.compile(
    rf"[a-z]{_ASCII_TAIL}|(?=[0-9+(])(?:{_TELEPHONE}|{_AMOUNT}|[0-9]{_ASCII_TAIL})", re.ASCII
)
RAW_WORDS: Final = re.compile(
    rf"(?=[^\W\d]){_WORD}|[{UNSPACED}]+|{_FLAG}|{_PICTURES}|(?=[\d+(])(?:{_TELEPHONE}|{_AMOUNT})|{_WORD}"
)

JOINTS: Final = re.compile(rf"[{JOINT}]+")
STARTS_UNSPACED: Final = re.compile(rf"[{UNSPACED}]")
STARTS_PICTURE: Final = re.compile(rf"[{PICTURE}]")
TELEPHONE: Final = re.compile(_TELEPHONE)
AMOUNT: Final = re.compile(_AMOUNT)
DIGITS: Final = re.compile(r"\d+")
PICTURE_PART: Final = re.compile(rf"[{PICTURE}][{_TONE}]*")
TONE: Final = re.compile(rf"[{_TONE}]+")
FLAG: Final = re.compile(_FLAG)
UNSPACED_CLUSTER: Final = re.compile(
    # one consonant-vowel(-final) group of decomposed Hangul, or one character with its kana voicing marks
    "[\u1100-\u115f\ua960-\ua97c]+[\u1160-\u11a7\ud7b0-\ud7c6]+[\u11a8-\u11ff\ud7cb-\ud7fb]*"
    "|.[\u3099\u309a\uff9e\uff9f]*",
    re.DOTALL,
)
