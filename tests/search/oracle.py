"""Answers queries by looking at every text. Written without the tokenizer, from what its documentation promises.

A text is cut into units by plain regular expressions. A unit has names (what it can be found by), each at a position.
It knows only the scripts and spellings that `corpus` makes: simple enough to be checked by reading.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from archive.search.index import IndexedText
from archive.search.query import model
from archive.search.query.model import Query

HAN = "\u4e00-\u9fff\u3041-\u30ff\uac00-\ud7a3"
EMOJI = "\u2600-\u27bf\U0001f300-\U0001f5ff\U0001f600-\U0001faff"
TONES = "\U0001f3fb-\U0001f3ff"
POINTS = "\u0591-\u05c7\u064b-\u0652"
LETTER = rf"[^\W_{HAN}][{POINTS}]*"
UNIT = re.compile(
    rf"(?P<flag>[\U0001f1e6-\U0001f1ff]{{2}})"
    rf"|(?P<emoji>[{EMOJI}][{TONES}\ufe0f]*(?:\u200d[{EMOJI}][{TONES}\ufe0f]*)*)"
    rf"|(?P<han>[{HAN}]+)"
    r"|(?P<phone>\+44[ -]\d\d[ -]\d{4}[ -]\d{4}|\d{3}-\d{4}"
    r"|(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}(?: - |[ \xa0.-]))\d{3}(?: - |[ \xa0.-])\d{4})"
    r"|(?P<amount>\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d{1,3}(?:\.\d{3})+,\d\d|\d+[.,]\d+)"
    r"|(?P<digits>\d+(?![^\W\d_]))"
    rf"|(?P<word>(?:{LETTER})+(?:['’](?:{LETTER})+)*)"
)
STRETCH = "\u0640"

Named = tuple[str, int]


def bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.replace(STRETCH, ""))
    return "".join(character for character in decomposed if unicodedata.category(character) != "Mn").casefold()


def telephone(digits: str) -> list[str]:
    """How a number may be searched by, first what a query of it means."""
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return [digits, "1" + digits, digits[3:]] if len(digits) == 10 else [digits]


def value_of(amount: str) -> str:
    if re.fullmatch(r"[\d.]+,\d\d", amount):  # As it is written in Europe.
        amount = amount.replace(".", "").replace(",", ".")
    return f"{Decimal(amount.replace(',', '')).normalize():f}"


def units(text: str) -> Iterator[tuple[list[Named], list[Named], int]]:
    """(names with offsets, what a query for it asks, how many positions it takes) of each unit."""
    for match in UNIT.finditer(unicodedata.normalize("NFC", text)):
        kind, raw = str(match.lastgroup), match.group()
        if kind == "han":
            names = [(raw[at:end], at) for at in range(len(raw)) for end in range(at + 1, len(raw) + 1)]
            yield names, [(raw, 0)], len(raw)
        elif kind == "phone":
            groups = re.findall(r"\d+", raw)
            numbers = telephone("".join(groups))
            names = [(number, 0) for number in numbers] + [(group, at) for at, group in enumerate(groups)]
            if len(groups) == 4 and groups[0] != "1":  # Without its last group it is a number for itself.
                names.append(("".join(groups[:3]), 0))
            yield names, [(numbers[0], 0)], len(groups)
        elif kind == "amount":
            names = [(value_of(raw), 0), *((group, 0) for group in re.findall(r"\d+", raw))]
            if re.fullmatch(r"\d{1,3},\d{3}", raw):
                names.append((value_of(raw.replace(",", ".")), 0))
            yield names, [(value_of(raw), 0)], 1
        elif kind == "digits":
            numbers = telephone(raw)
            yield [(number, 0) for number in numbers], [(numbers[0], 0)], 1
        elif kind == "word":
            parts = re.split("['’]", raw)
            whole = bare("".join(parts))
            beginnings = [bare("".join(parts[:end])) for end in range(2, len(parts))]
            yield [(name, 0) for name in (whole, *beginnings, *map(bare, parts))], [(whole, 0)], 1
        else:
            whole = raw.replace("\ufe0f", "")
            pictures = [] if kind == "flag" else whole.split("\u200d")
            plain = [re.sub(f"[{TONES}]", "", picture) for picture in pictures]
            yield [(name, 0) for name in (whole, *pictures, *plain)], [(whole, 0)], 1


def names_in(text: str) -> set[Named]:
    found: set[Named] = set()
    position = 0
    for names, _, width in units(text):
        found |= {(name, position + offset) for name, offset in names}
        position += width
    return found


def asked_by(text: str) -> list[Named]:
    asked: list[Named] = []
    position = 0
    for _, names, width in units(text):
        asked += [(name, position + offset) for name, offset in names]
        position += width
    return asked


def changes(one: str, other: str) -> int:
    """Letters put in, left out, changed or swapped with their neighbour: the textbook table, whole."""
    table = [[max(i, j) if not i or not j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            )
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@dataclass(frozen=True)
class Known:
    text: IndexedText
    names: set[Named]


class Oracle:
    def __init__(self, texts: Sequence[IndexedText] = ()) -> None:
        self.known = {text.serial: Known(text, names_in(text.text)) for text in texts}

    def add(self, texts: Sequence[IndexedText]) -> None:
        self.known |= Oracle(texts).known

    def remove(self, serials: Sequence[int]) -> None:
        for serial in serials:
            del self.known[serial]

    def hits(self, query: Query) -> list[tuple[int, int]]:
        """(serial, at), newest first."""
        found = [(known.text.at, known.text.serial) for known in self.known.values() if holds(known, query)]
        return [(serial, at) for at, serial in sorted(found, reverse=True)]


def holds(known: Known, query: Query) -> bool:  # noqa: PLR0911 - one for each kind.
    match query:
        case model.Everything():
            return True
        case model.And(parts):
            return all(holds(known, part) for part in parts)
        case model.Or(parts):
            return any(holds(known, part) for part in parts)
        case model.Not(part):
            return not holds(known, part)
        case model.Near(left, right, distance):
            here, there = places(known, left), places(known, right)
            return any(max(b - d, c - a, 0) <= distance for c, d in here for b, a in there)
        case model.Word() | model.Phrase() | model.Prefix() | model.Fuzzy():
            return bool(places(known, query))
        case _:
            return fits(known.text, query)


def places(known: Known, query: Query) -> list[tuple[int, int]]:
    """(first position, last) of each occurrence."""
    match query:
        case model.Prefix(stem):
            *exact, (last, offset) = asked_by(stem)
            ends = {at - offset for name, at in known.names if name.startswith(last)}
        case model.Fuzzy(word, distance):
            *exact, (last, offset) = asked_by(word)
            ends = {at for name, at in known.names if name[0] == last[0] and changes(name, last) <= distance}
        case model.Word(text) | model.Phrase(text):
            *exact, (last, offset) = asked_by(text)
            ends = {at - offset for name, at in known.names if name == last}
        case _:
            raise TypeError(query)
    return [(base, base + offset) for base in ends if all((name, base + at) in known.names for name, at in exact)]


def fits(text: IndexedText, query: Query) -> bool:  # noqa: PLR0911 - one for each field.
    match query:
        case model.Party("from", _, value):
            return text.sender.lower() == value.lower()
        case model.Party("to", _, value):
            return value.lower() in [recipient.lower() for recipient in text.recipients]
        case model.Party("with", _, value):
            return value.lower() in [other.lower() for other in text.others]
        case model.Party("number", _, value):
            return value.lower() in [party.lower() for party in (text.own_number, *text.others)]
        case model.Sent(_, _, start, until):
            return (start is None or micros(start) <= text.at) and (until is None or text.at < micros(until))
        case model.Serial(first, last):
            return first <= text.serial <= last
        case model.Fact(name, value):
            values = {
                **{"direction": (text.direction,), "campaign": (text.campaign,), "account": (text.account,)},
                **{"provider": (text.provider,), "flag": text.flags, "has": text.has},
            }
            return value.lower() in [str(one).lower() for one in values[name] if one is not None]
    raise TypeError(query)


def micros(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond
