"""From a text to the terms it can be found by, in one pass.

- A **word** is folded: NFKD without accents, then casefold. `Café` and `cafe` are one term. Nothing is
  stemmed, because merging words is bad for evidence.
- A word with an **apostrophe** takes one position and is there whole and in parts: O'Brien is `obrien`,
  `o`, `brien`; and O'Brien's is `obrien` too.
- A **telephone number** keeps its groups of digits in successive positions, and its digits joined at
  the first of them: with the country code, without it (North America) and as the local seven.
- An **amount** takes one position: `$250,000.00` is `250000`, and its groups; `1,5` and `1.50` are `1.5`.
- **Han, kana, Hangul**, and the scripts of South-East Asia that leave no spaces, become single characters and
  overlapping pairs: a longer query is a phrase of pairs, a single character is one exact term. On the 31,465
  Chinese texts of the NUS corpus pairs alone make 311,251 postings and cannot find a character at the end of a run;
  pairs and the last character make 372,326, and one character is a search through up to 898 lists; pairs and all
  characters make 645,426, and every search is exact and counted from the dictionary. That is what we do, since
  it costs the 55,835 English texts 0.2 %.
- A **picture** (emoji) is a term, without the drawing style U+FE0F; one glued together or coloured is
  there whole and in parts, at one position.
- Everything else separates. An address on the web is the words between its dots and slashes, so that
  `example.com` is a phrase of two.

Positions count raw words from 0; several terms may share one. A term never holds a lone surrogate,
U+0000 or white space, so it can always be written as UTF-8.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, cast

from archive.search import alphabet
from archive.search.folding import LONGEST_TERM, fold

_Remembered = str | tuple[tuple[tuple[str, int], ...], int]

_MOST_REMEMBERED: Final = 200_000
_LONGEST_REMEMBERED: Final = 20
_LONGEST_REMEMBERED_NUMBER: Final = 4
_NORTH_AMERICAN: Final = 10
_LOCAL: Final = 7
_THOUSANDS: Final = 3


class Token(NamedTuple):
    """One term at one position of a text."""

    term: str
    position: int


class Spanned(NamedTuple):
    """One term, and the code points [start, end) of the original text that it stands for."""

    term: str
    position: int
    start: int
    end: int


class Piece(NamedTuple):
    """One term of one raw word: offset counts positions from the word's first, start and end count its
    characters.

    A query asks for the `asked` pieces only; the others are there so that other spellings find the word too.
    """

    term: str
    offset: int
    start: int
    end: int
    asked: bool


class _Memory(dict[str, _Remembered]):
    """One raw word to its terms: the term where it has exactly one, else ((term, offset)…) and the positions used."""

    def __missing__(self, raw: str) -> _Remembered:
        found = _remembered_of(raw)
        if len(raw) <= (_LONGEST_REMEMBERED if raw[0].isalpha() else _LONGEST_REMEMBERED_NUMBER):
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[raw] = found
        return found


def _remembered_of(raw: str) -> _Remembered:
    if raw.isascii() and raw.isalpha():
        return fold(raw)
    pieces = _pieces(raw)
    if len(pieces) == 1:
        return pieces[0].term
    return tuple((piece.term, piece.offset) for piece in pieces), _width(pieces)


_remembered = _Memory()
_ONE_TERM = {str}


def analyse(text: str) -> tuple[Sequence[str], Sequence[int]]:
    """Every term of the text, for indexing, in the order of the raw words; and the position of each.

    The hottest loop of the archive, so it is left to `map` where each word is one term, as in nearly all texts.
    """
    found = list(map(_remembered.__getitem__, _raw_words(text).findall(text.lower())))
    if set(map(type, found)) <= _ONE_TERM:
        return cast(list[str], found), range(len(found))
    terms: list[str] = []
    positions: list[int] = []
    position = 0
    for word in found:
        if isinstance(word, str):
            terms.append(word)
            positions.append(position)
            position += 1
            continue
        pieces, width = word
        for term, offset in pieces:
            terms.append(term)
            positions.append(position + offset)
        position += width
    return terms, positions


def asked_terms(text: str) -> tuple[Token, ...]:
    """What a text must hold for the words of a query to be in it: terms with relative positions, the
    first at 0.

    Empty when there is nothing searchable in the words. Several terms may share a position, none repeats.
    """
    asked: list[Token] = []
    position = 0
    for _, pieces in _cut(text):
        asked.extend(Token(piece.term, position + piece.offset) for piece in pieces if piece.asked)
        position += _width(pieces)
    return tuple(asked)


def tokens_with_spans(text: str) -> list[Spanned]:
    """Every term with its position and its place in the original text, for marking hits."""
    original = _original_places(text)
    tokens: list[Spanned] = []
    position = 0
    for start, pieces in _cut(text):
        for term, offset, piece_start, piece_end, _ in pieces:
            first, last = start + piece_start, start + piece_end - 1
            tokens.append(Spanned(term, position + offset, original(first), original(last) + 1))
        position += _width(pieces)
    return tokens


def forget_words() -> None:
    """Empty the memory of raw words; a purge calls this, so that no word outlives its text here."""
    _remembered.clear()


def _raw_words(text: str) -> re.Pattern[str]:
    return alphabet.ASCII_RAW_WORDS if text.isascii() else alphabet.RAW_WORDS


def _cut(text: str) -> Iterator[tuple[int, list[Piece]]]:
    """Each raw word of the text: where it starts in the lower-case text, and its pieces."""
    for match in _raw_words(text).finditer(text.lower()):
        yield match.start(), _pieces(match.group())


def _width(pieces: list[Piece]) -> int:
    return max((piece.offset for piece in pieces), default=-1) + 1


def _pieces(raw: str) -> list[Piece]:
    """The terms of one raw word, without repetition, those that a query asks for first."""
    if raw.isascii() and raw.isalpha():
        return [Piece(fold(raw), 0, 0, len(raw), True)]
    if alphabet.STARTS_UNSPACED.match(raw):
        found = _unspaced(raw)
    elif alphabet.TELEPHONE.fullmatch(raw):
        found = _telephone(raw)
    elif alphabet.AMOUNT.fullmatch(raw):
        found = _amount(raw)
    elif raw[0].isalnum():
        found = _word(raw)
    else:
        found = _picture(raw)
    unique: dict[tuple[str, int], Piece] = {}
    for piece in found:
        if piece.term:
            unique.setdefault((piece.term, piece.offset), piece)
    return list(unique.values())


def _word(raw: str) -> Iterator[Piece]:
    parts = [(start, end) for start, end in _between(raw, alphabet.JOINTS) if start < end]
    whole = fold("".join(raw[start:end] for start, end in parts))
    for number, term in enumerate(_spellings(whole) if whole.isdigit() else [whole]):
        yield Piece(term, 0, 0, len(raw), number == 0)
    for joined in range(2, len(parts)):
        first, last = parts[0][0], parts[joined - 1][1]
        yield Piece(fold("".join(raw[start:end] for start, end in parts[:joined])), 0, first, last, False)
    if len(parts) > 1:
        for start, end in parts:
            yield Piece(fold(raw[start:end]), 0, start, end, False)


def _between(raw: str, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The stretches [start, end) of the raw word that the separator leaves."""
    start = 0
    for match in separator.finditer(raw):
        yield start, match.start()
        start = match.end()
    yield start, len(raw)


def _telephone(raw: str) -> Iterator[Piece]:
    groups = list(alphabet.DIGITS.finditer(raw))
    digits = [fold(group.group()) for group in groups]
    spellings = _spellings("".join(digits))
    for number, term in enumerate(spellings):
        yield Piece(term, 0, 0, len(raw), number == 0)
    for last in range(1, len(digits) if len(spellings) == 1 else 0):
        # A number that another number follows is written as if it were longer: its own digits are a
        # term as well.
        joined = "".join(digits[:last])
        if len(joined) >= _LOCAL:
            yield Piece(joined, 0, 0, groups[last - 1].end(), False)
    for offset, (group, term) in enumerate(zip(groups, digits, strict=True)):
        yield Piece(term, offset, group.start(), group.end(), False)


def _spellings(digits: str) -> list[str]:
    """The digits that a telephone number may be searched by, first the one that a query asks for.

    Any ten digits, or eleven from a 1, are taken for a North American number: that costs an order
    number of the same length two terms, and finds every number.
    """
    national = digits[1:] if len(digits) == _NORTH_AMERICAN + 1 and digits[0] == "1" else digits
    if len(national) != _NORTH_AMERICAN:
        return [digits]
    return [national, "1" + national, national[-_LOCAL:]]


def _amount(raw: str) -> Iterator[Piece]:
    plain = fold(raw)
    for number, term in enumerate(_values(plain)):
        yield Piece(term[:LONGEST_TERM], 0, 0, len(raw), number == 0)
    for group in alphabet.DIGITS.finditer(raw):
        yield Piece(fold(group.group()), 0, group.start(), group.end(), False)


def _values(plain: str) -> list[str]:
    """What an amount may mean, the likeliest first: 1,234 is 1234, and 1.234 is itself and perhaps 1234."""
    last = max(plain.rfind(","), plain.rfind("."))
    separator, fraction = plain[last], plain[last + 1 :]
    whole = plain[:last].replace(",", "").replace(".", "")
    decimal = f"{whole}.{fraction.rstrip('0')}".rstrip(".")
    thousands = whole + fraction
    if separator in plain[:last]:
        return [thousands]
    if len(fraction) != _THOUSANDS or not plain[:last].isdigit():
        return [decimal, whole]
    return [thousands, decimal] if separator == "," else [decimal, thousands]


def _unspaced(raw: str) -> Iterator[Piece]:
    clusters = list(alphabet.UNSPACED_CLUSTER.finditer(raw))
    characters = [unicodedata.normalize("NFKC", cluster.group()) for cluster in clusters]
    for offset, cluster in enumerate(clusters):
        if offset + 1 < len(clusters):
            pair = characters[offset] + characters[offset + 1]
            yield Piece(pair, offset, cluster.start(), clusters[offset + 1].end(), True)
        yield Piece(characters[offset], offset, cluster.start(), cluster.end(), len(clusters) == 1)


def _picture(raw: str) -> Iterator[Piece]:
    yield Piece(_without_style(raw), 0, 0, len(raw), True)
    if alphabet.FLAG.fullmatch(raw):
        return
    for part in alphabet.PICTURE_PART.finditer(raw):
        yield Piece(_without_style(part.group()), 0, part.start(), part.end(), False)
        yield Piece(alphabet.TONE.sub("", part.group()), 0, part.start(), part.end(), False)


def _without_style(picture: str) -> str:
    return picture.replace("\ufe0f", "").replace("\ufe0e", "")[:LONGEST_TERM]


def _original_places(text: str) -> Callable[[int], int]:
    """From a place in the lower-case text to one in the text: `İ` is one character, its lower case two."""
    if len(text.lower()) == len(text):
        return lambda place: place
    places = [place for place, character in enumerate(text) for _ in character.lower()]
    return places.__getitem__
