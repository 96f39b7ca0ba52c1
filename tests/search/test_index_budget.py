"""A large vocabulary: what is asked of it is answered exactly, or refused with a reason; no reader hangs."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.search.index import IndexedText, NotSearchable, SearchIndex
from archive.search.query.error import QueryError
from archive.search.query.parse import parse
from archive.search.whoosh.engine import WhooshIndex
from tests.search import corpus
from tests.search.asking import ORG, all_pages, plan_of

WORDS = 130_000
A_TEXT = 65
SHARED = "everywhere"


def word(number: int) -> str:
    """a00000 to a99999, then b00000 …"""
    return f"{'abc'[number // 100_000]}{number % 100_000:05}"


def texts() -> Iterator[IndexedText]:
    dice = random.Random(1)
    for serial in range(1, WORDS // A_TEXT + 1):
        words = [word(number) for number in range((serial - 1) * A_TEXT, serial * A_TEXT)]
        text = corpus.make_text(dice, serial, " ".join([SHARED, *words]))
        yield replace(text, period=corpus.PERIODS[serial % 2])


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    index: SearchIndex = WhooshIndex(tmp_path_factory.mktemp("vocabulary"))
    every = list(texts())
    for start in range(0, len(every), 500):
        batch = every[start : start + 500]
        index.add(ORG, batch, batch[-1].serial)
    return index


def serials_of(numbers: range) -> set[int]:
    return {number // A_TEXT + 1 for number in numbers}


PREFIXES = {
    "a12345*": range(12_345, 12_346),
    "a123*": range(12_300, 12_400),
    "a1*": range(10_000, 20_000),
    "b*": range(100_000, WORDS),
    "everywh*": range(WORDS),
}


@pytest.mark.parametrize("line", PREFIXES)
def test_a_prefix_is_answered_exactly_however_many_words_begin_so(vocabulary: SearchIndex, line: str) -> None:
    expected = serials_of(PREFIXES[line])
    assert {serial for serial, _ in all_pages(vocabulary, line, 5_000)} == expected
    assert vocabulary.count(ORG, plan_of(line)) == len(expected)


WIDE = ["a* OR b*", "a* b*", "a* NEAR b*", "a0* OR a1* OR a2* OR a3* OR a4* OR a5* OR a6* OR a7* OR a8* OR a9*"]


@pytest.mark.parametrize("line", ["a*", *WIDE])
def test_a_very_wide_prefix_is_answered_exactly_or_refused_with_a_reason(vocabulary: SearchIndex, line: str) -> None:
    beginning_a, beginning_b = serials_of(range(100_000)), serials_of(range(100_000, WORDS))
    expected = {
        "a* OR b*": beginning_a | beginning_b,
        "a* b*": beginning_a & beginning_b,
        "a* NEAR b*": beginning_a & beginning_b,
    }.get(line, beginning_a)
    try:
        found = {serial for serial, _ in all_pages(vocabulary, line, 5_000)}
        assert vocabulary.count(ORG, plan_of(line)) == len(expected)
    except NotSearchable as problem:
        assert problem.message
        assert problem.next_step
    else:
        assert found == expected


def test_a_page_that_is_full_needs_no_refusal(vocabulary: SearchIndex) -> None:
    """The newest texts are enough for it; only the count would have to look at everything."""
    assert len(vocabulary.page(ORG, plan_of(f"{SHARED} a1*"), 3).hits) == 3


def close_to_a12345() -> set[int]:
    """One digit changed, or two neighbours swapped; anything else has another length or another first letter."""
    digits = "12345"
    changed = {digits[:at] + new + digits[at + 1 :] for at in range(5) for new in "0123456789"}
    swapped = {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(4)}
    return {int(number) // A_TEXT + 1 for number in changed | swapped}


FUZZY = {
    "a12345~": close_to_a12345(),
    "evrywhere~": serials_of(range(WORDS)),
    "everywehre~": serials_of(range(WORDS)),
    "c12345~": set[int](),
}


@pytest.mark.parametrize("line", FUZZY)
def test_a_fuzzy_word_is_answered_exactly_or_refused_with_a_reason(vocabulary: SearchIndex, line: str) -> None:
    try:
        assert {serial for serial, _ in all_pages(vocabulary, line, 5_000)} == FUZZY[line]
    except NotSearchable as problem:
        assert problem.next_step


def test_a_budget_that_is_spent_says_what_to_do(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, postings_at_most=1_000)
    many = " ".join(f"a{number}" for number in range(1_001))
    index.add(ORG, [corpus.make_text(random.Random(7), 1, many)], 1)
    with pytest.raises(NotSearchable, match="more letters"):
        index.count(ORG, plan_of("a*"))
    assert index.count(ORG, plan_of("a1*")) == 1


@pytest.mark.parametrize("line", ["*fund", "a *losing b", "*", "-*fund", "*fund*", "re*nd", "from:*5550188"])
def test_a_star_anywhere_but_at_the_end_is_refused_before_anything_is_searched(line: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(line)
    assert line[caught.value.start : caught.value.end].strip("- ")
    assert caught.value.suggestion
