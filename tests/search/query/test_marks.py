import pytest

from archive.search.query.distance import is_close
from archive.search.query.marks import find_marks
from archive.search.query.parse import parse

MARKED = {
    "a word": ("wire", "Wire the rest, wire!", ["Wire", "wire"]),
    "nothing that is excluded": ("wire -rest", "Wire the rest", ["Wire"]),
    "a phrase as one": ('"closing date"', "the Closing  date, closing", ["Closing  date"]),
    "a prefix": ("refund*", "refunds, refunded and fund", ["refunds", "refunded"]),
    "a fuzzy word": ("colour~", "color colours cloud", ["color", "colours"]),
    "both sides of NEAR": ("wire NEAR/2 close", "wire to close, later on that day wire", ["wire", "close"]),
    "neither side when they are far": ("wire NEAR/1 close", "wire to close", []),
    "every side of OR": ("a OR b", "a b c", ["a", "b"]),
    "a telephone number in another spelling": ("4155550188", "call (415) 555-0188", ["(415) 555-0188"]),
    "the end of a name": ("brien", "O'Brien", ["Brien"]),
    "a Chinese phrase": ("明天见", "我们明天见吧", ["明天见"]),
    "after a letter that lower case makes longer": ("rest", "İİ rest", ["rest"]),
    "no field": ("from:Dana", "Dana", []),
}


@pytest.mark.parametrize(("line", "text", "marked"), MARKED.values(), ids=MARKED.keys())
def test_marks(line: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in find_marks(text, parse(line))] == marked


@pytest.mark.parametrize(
    ("term", "word", "distance", "close"),
    [
        ("color", "colour", 1, True),
        ("delivrey", "delivery", 1, True),
        ("apointmnet", "appointment", 1, False),
        ("apointmnet", "appointment", 2, True),
        ("olour", "colour", 1, False),
        ("cat", "dog", 2, False),
    ],
)
def test_a_swap_is_one_change_and_the_first_letter_is_fixed(term: str, word: str, distance: int, close: bool) -> None:
    assert is_close(term, word, distance) is close
