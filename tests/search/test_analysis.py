import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import alphabet
from archive.search.analysis import analyse, asked_terms, tokens_with_spans

FINDS = {
    "obrien finds O'Brien": ("obrien", "Ask O'Brien now"),
    "brien finds O'Brien": ("brien", "Ask O'Brien now"),
    "o'brien finds the curly apostrophe": ("o'brien", "Ask O\u2019Brien now"),
    "o'brien finds OBrien": ("o'brien", "Ask OBRIEN now"),
    "o'brien finds what is O'Brien's": ("o'brien", "in O\u2019Brien\u2019s car"),
    "cafe finds a decomposed é": ("cafe", "Cafe\u0301 at noon"),
    "an accent finds the plain word": ("café", "cafe at noon"),
    "strasse finds ß": ("strasse", "Hauptstraße 5, Straße"),
    "the bare digits find a punctuated number": ("4155550188", "call +1 (415) 555-0188 now"),
    "a punctuated number finds bare digits": ("415-555-0188", "call 4155550188 now"),
    "the country code finds a number without it": ("+14155550188", "call 415.555.0188 now"),
    "a number without it finds the country code": ("415-555-0188", "call 14155550188 now"),
    "digits find a number with spaces around its dashes": ("4155550188", "call 415 - 555 - 0188 now"),
    "the last seven find the number": ("555-0188", "call (415) 555-0188"),
    "the last group finds the number": ("0188", "call (415) 555-0188"),
    "the area code and exchange find the number": ("415-555", "call 415-555-0188"),
    "a number abroad is found by its digits": ("442079460958", "call +44 20 7946 0958 today"),
    "digits of another script find ASCII": ("٤١٥٥٥٥٠١٨٨", "call 415-555-0188"),
    "250000 finds $250,000": ("250000", "wire $250,000 today"),
    "250,000 finds 250000.00": ("250,000", "wire 250000.00 today"),
    "$250,000 finds 250000": ("$250,000", "wire 250000"),
    "1.5 finds 1,50": ("1.5", "at 1,50 each"),
    "an item of a list of numbers is found": ("102", "rooms 101,102,103"),
    "1.5 finds itself before a letter": ("1.5", "$1.5m"),
    "a host is found in an address": ("example.com", "see https://www.example.com/pay?x=1"),
    "a word of a path is found": ("pay", "see https://www.example.com/pay?x=1"),
    "a hash tag is found by its word": ("closing", "#closing @dana_lee"),
    "a name is found by its word": ("dana", "#closing @dana_lee"),
    "one Chinese character is found inside a run": ("谢", "多谢你"),
    "the last character of a run is found": ("你", "多谢你"),
    "a Chinese word is found inside a run": ("明天见", "我们明天见吧"),
    "a Hangul word is found before its ending": ("한국", "한국어는"),
    "half-width kana find full-width": ("ｶﾞｲﾄﾞ", "ガイド"),
    "a joined picture is found whole": ("👩\u200d⚕️", "ok 👩\u200d⚕️!"),
    "a joined picture is found by its part": ("👩", "ok 👩\u200d⚕️!"),
    "a heart is found with or without its style": ("❤", "love ❤️"),
    "a thumb is found in any colour": ("👍", "👍🏽"),
    "a flag is found": ("🇺🇸", "go 🇺🇸🇨🇦"),
    "a hidden space does not hide a word": ("refund", "re\u200bfund"),
    "a soft hyphen does not hide a word": ("refund", "re\xadfund"),
    "Hebrew points do not matter": ("שלום", "שָׁלוֹם"),
    "a stretched Arabic word is the word": ("مرحبا", "مرحبـــا"),
    "a Hindi word stays whole": ("नमस्ते", "वह नमस्ते कहता"),
    "a Thai word is found in a run": ("ขอบ", "สวัสดีขอบคุณ"),
}
MISSES = {
    "1.5 does not find 15": ("1.5", "room 15"),
    "kana with and without voicing differ": ("か", "が"),
    "a coloured thumb does not find another": ("👍🏽", "👍🏿"),
    "a host does not find its words in another order": ("example.com", "com example"),
    "a picture does not find half a flag": ("🇺🇸", "🇺🇦"),
}


def found(query: str, text: str) -> bool:
    tokens = set(zip(*analyse(text), strict=True))
    asked = asked_terms(query)
    assert asked
    return any(all((term, base + position) in tokens for term, position in asked) for _, base in tokens)


@pytest.mark.parametrize(("query", "text"), FINDS.values(), ids=FINDS.keys())
def test_finds(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(("query", "text"), MISSES.values(), ids=MISSES.keys())
def test_does_not_find(query: str, text: str) -> None:
    assert not found(query, text)


def test_several_terms_share_the_position_of_one_word() -> None:
    assert list(zip(*analyse("O'Brien said"), strict=True)) == [("obrien", 0), ("o", 0), ("brien", 0), ("said", 1)]


def test_spans_stay_right_where_lower_case_is_longer() -> None:
    text = "İİ İstanbul, CAFÉ"
    assert [text[token.start : token.end] for token in tokens_with_spans(text)] == ["İİ", "İstanbul", "CAFÉ"]
    assert [token.term for token in tokens_with_spans(text)] == ["ii", "istanbul", "cafe"]


def test_the_parts_of_a_number_have_their_own_spans() -> None:
    text = "call (415) 555-0188"
    spans = {token.term: text[token.start : token.end] for token in tokens_with_spans(text)}
    assert spans["4155550188"] == "(415) 555-0188"
    assert spans["0188"] == "0188"


ANY_TEXT = st.text(st.characters() | st.sampled_from("aİ'’-.,+ ()015６٤谢ｶﾞかé\u0301\u200d️👍🏽🇺🇸\x00\ud800_#~*\"ßﷺ½"))


@given(ANY_TEXT)
def test_a_term_can_always_be_written_and_has_no_space(text: str) -> None:
    for term in analyse(text)[0]:
        term.encode()
        assert term
        assert "\x00" not in term
        assert not any(character.isspace() for character in term)


@given(ANY_TEXT)
def test_the_fast_way_and_the_way_with_spans_agree(text: str) -> None:
    tokens = tokens_with_spans(text)
    assert [(token.term, token.position) for token in tokens] == list(zip(*analyse(text), strict=True))
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)


@given(ANY_TEXT)
def test_every_text_is_found_by_itself(text: str) -> None:
    assert not asked_terms(text) or found(text, text)


@given(st.text(st.characters(max_codepoint=127) | st.sampled_from("0123456789+-(). ,'")))
def test_the_short_expression_agrees_with_the_full_one(text: str) -> None:
    lowered = text.lower()
    assert alphabet.ASCII_RAW_WORDS.findall(lowered) == alphabet.RAW_WORDS.findall(lowered)
