"""All spellings of one thing find each other, in a whole index and not only in the analysis; and nothing else."""

import random

import pytest

from archive.search.index import SearchIndex
from archive.search.query.spelling import quoted
from tests.search import corpus
from tests.search.asking import ORG, found, plan_of

# Each member is a text's spelling and a query's spelling of the same thing.
FAMILIES = {
    "a telephone number": [
        *("+1 415 555 0188", "+14155550188", "14155550188", "4155550188", "(415) 555-0188", "(415)555-0188"),
        *("415-555-0188", "415.555.0188", "415 555 0188", "415/555-0188", "415 - 555 - 0188", "415  555  0188"),
        *("1-415-555-0188", "1 (415) 555-0188", "+1 (415) 555-0188", "+1(415)555-0188", "+1-415-555-0188"),
        *("+1.415.555.0188", "415\xa0555\xa00188", "415\u2011555\u20110188", "415–555–0188", "(415) 555 0188"),
        *("415-5550188", "(415)5550188", "+1 4155550188", "４１５-５５５-０１８８", "٤١٥٥٥٥٠١٨٨"),
    ],
    "a telephone number abroad": ["+44 20 7946 0958", "+442079460958", "+44-20-7946-0958", "+44.20.7946.0958"],
    "O'Brien": [
        *("O'Brien", "O’Brien", "OBrien", "obrien", "O'BRIEN", "O`Brien", "O‘Brien", "O´Brien", "OʼBrien", "O＇Brien"),
        *("o\u200bbrien", "O\xadBrien"),
    ],
    "an amount": [
        *("$250,000.00", "250000", "250,000", "$250000", "250,000.00", "250000.00", "250.000,00"),
        *("£250,000", "€250.000,00", "250'000"),
    ],
    "an amount with cents": ["$19.99", "19.99", "19,99", "€19,99", "$19.990"],
    "a word with accents": ["Café", "CAFÉ", "cafe", "Cafe\u0301", "CAFE\u0301"],
    "a sharp s": ["Straße", "STRASSE", "strasse", "STRAẞE"],
    "a dotted capital": ["İstanbul", "ISTANBUL", "istanbul", "I\u0307stanbul"],
    "a ligature": ["ﬁnal", "final", "FINAL"],
    "full width": ["ＡＢＣ１２", "abc12", "ABC12"],
    "a Hebrew word": ["שלום", "שָׁלוֹם", "\u202bשלום\u202c", "\u200fשלום\u200e"],
    "an Arabic word": ["مرحبا", "مَرْحَبًا", "مرحبـا", "مـرحـبـا"],
    "a Chinese run": ["明天见", "\ufeff明天见"],
    "a word in kana": ["ガイド", "ｶﾞｲﾄﾞ", "ガイド"],
    "a Korean word": ["한국어", "한국어"],
    "a heart": ["❤", "❤️", "❤︎"],
    "a family": ["👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧\ufe0f"],
    "a flag": ["🇨🇦"],
}

# A shorter query, and the family of which it finds every text.
SHORTER = {
    "5550188": "a telephone number",
    "555-0188": "a telephone number",
    "4155550188": "a telephone number",
    "example.com": "an address",
    "pay": "an address",
    "明天": "a Chinese run",
    "天": "a Chinese run",
    "한국": "a Korean word",
    "👩": "a family",
    "caf*": "a word with accents",
    "straße~": "a sharp s",
    "obrein~": "O'Brien",
}
ADDRESSES = [
    *("https://example.com/pay?id=77", "http://www.example.com/pay", "HTTPS://EXAMPLE.COM/pay/", "example.com/pay"),
    *("pay@example.com", "see <https://example.com/pay>."),
]
POSSESSIVE = ["O'Brien's", "O’BRIEN’S"]
TEXTS = {**FAMILIES, "an address": ADDRESSES}


@pytest.fixture
def serials(index: SearchIndex) -> dict[str, set[int]]:
    """Family → the serials of its texts, among texts that have nothing of all this."""
    dice, serial, of_family = random.Random(1), 0, dict[str, set[int]]()
    for name, spellings in TEXTS.items():
        texts = [
            corpus.make_text(dice, serial + number, template.format(spelling))
            for number, (spelling, template) in enumerate(
                ((spelling, template) for spelling in spellings for template in ("{}", "x {} y", "({}), so")), 1
            )
        ]
        index.add(ORG, texts, texts[-1].serial)
        of_family[name] = {text.serial for text in texts}
        serial = texts[-1].serial
    decoys = ["plain words 12 of 2027", "415 rooms, 555 beds, 188 keys", "OB rien", "明 天 见", "250 thousand", "19 99"]
    index.add(ORG, [corpus.make_text(dice, serial + n, text) for n, text in enumerate(decoys, 1)], serial + len(decoys))
    return of_family


@pytest.mark.parametrize("family", FAMILIES)
def test_every_spelling_finds_every_other_and_nothing_else(
    index: SearchIndex, serials: dict[str, set[int]], family: str
) -> None:
    for spelling in FAMILIES[family]:
        line = quoted(spelling)
        assert set(found(index, line)) == serials[family], line
        assert index.count(ORG, plan_of(line)) == len(serials[family]), line


@pytest.mark.parametrize("line", SHORTER)
def test_a_part_of_it_finds_every_spelling(index: SearchIndex, serials: dict[str, set[int]], line: str) -> None:
    assert set(found(index, line)) >= serials[SHORTER[line]]


def test_a_name_is_found_where_something_belongs_to_it(index: SearchIndex, serials: dict[str, set[int]]) -> None:
    dice, last = random.Random(2), index.position(ORG)
    texts = [corpus.make_text(dice, last + n, f"{word} car") for n, word in enumerate(POSSESSIVE, 1)]
    index.add(ORG, texts, last + len(texts))
    theirs = {text.serial for text in texts}
    for line in ("o'brien", "OBrien", "O’Brien"):
        assert set(found(index, line)) == serials["O'Brien"] | theirs, line
    assert set(found(index, "o'brien's")) == theirs
