"""Every implementation of the port ranks as the formula says, counted by hand in every text."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archive.core.errors import BadInput
from archive.search.index import MOST_COMPARED, SearchIndex, to_cursor, to_rank_cursor
from archive.search.query.parse import parse
from archive.search.whoosh.engine import WhooshIndex
from tests.search import corpus
from tests.search.oracle import Oracle
from tests.search.ranking import ranked
from tests.search.test_index_answers import ORG, added, plan_of

Hits = list[tuple[int, int]]


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    return WhooshIndex(tmp_path / "index")


def best_of(index: SearchIndex, line: str, limit: int = 60, most: int = MOST_COMPARED) -> Hits:
    """All pages."""
    hits: Hits = []
    cursor = None
    while True:
        page = index.best(ORG, plan_of(line), limit, cursor, most)
        hits += page.hits
        assert page.next is None or len(page.hits) == limit
        if (cursor := page.next) is None:
            assert page.compared == len(hits)
            return hits


def make_lines(dice: random.Random, count: int) -> Iterator[str]:
    words = [word for word in corpus.WORDS if word[0].isalpha()]
    yield from ("", "-refund", "direction:in", "refund direction:in -wire", "O'Brien OR brien", "wire OR wire OR wir*")
    for _ in range(count):
        word, other = dice.choice(words), dice.choice(words)
        parts = [
            *(word, word, other, f'"{word} {other}"', f"({word} NEAR {other})", f"-{other}"),
            *(f"{word[:2].rstrip(chr(39))}*", f"{word[0]}*", "refnud~", "delivry~", "after:2025-11-26", "😊"),
        ]
        chosen = dice.sample(parts, dice.choice([1, 2, 3, 4]))
        yield dice.choice([" ", " OR ", " OR "]).join(chosen)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_come_first_as_counted_by_hand(index: SearchIndex, seed: int) -> None:
    dice = random.Random(seed)
    texts = [corpus.make_text(dice, serial) for serial in range(1, 180)]
    added(index, texts, dice)
    oracle = Oracle(texts)
    different = 0
    for line in make_lines(dice, 25):
        for most in (MOST_COMPARED, 30):
            expected = ranked(oracle, parse(line), most)
            assert best_of(index, line, dice.choice([7, 60, 500]), most) == expected, line
            different += expected != oracle.hits(parse(line))[:most]
    assert different > 20, "the order by worth has to differ from the order in time, or nothing is shown here"


def written(index: SearchIndex, words: Sequence[str]) -> None:
    dice = random.Random(1)
    texts = [corpus.make_text(dice, serial, text) for serial, text in enumerate(words, 1)]
    index.add(ORG, texts, len(texts))


def serials(hits: Sequence[tuple[int, int]]) -> list[int]:
    return [serial for serial, _ in hits]


def test_what_is_rare_counts_more_than_what_is_common(index: SearchIndex) -> None:
    written(index, ["please call", "please please please", "ledger", *["please wait"] * 20])
    assert serials(best_of(index, "please OR ledger"))[0] == 3


def test_a_word_that_is_repeated_counts_more_and_more_slowly(index: SearchIndex) -> None:
    written(index, ["wire", "wire wire wire", "wire fee", "wire wire", "fee", *["hello"] * 9])
    assert serials(best_of(index, "wire"))[:2] == [2, 4]
    assert serials(best_of(index, "wire OR fee"))[0] == 3, "both words once outweigh one of them three times"


def test_without_a_word_that_counts_the_newest_comes_first(index: SearchIndex) -> None:
    dice = random.Random(2)
    added(index, [corpus.make_text(dice, serial) for serial in range(1, 90)], dice)
    for line in ("", "-refund", "direction:in", "has:link OR flag:conflict"):
        assert best_of(index, line) == list(index.page(ORG, plan_of(line), 500).hits), line


def test_of_too_many_hits_the_newest_are_compared_and_the_answer_says_so(index: SearchIndex) -> None:
    dice = random.Random(3)
    texts = [corpus.make_text(dice, serial, "hello" + " again" * (serial % 7)) for serial in range(1, 101)]
    added(index, texts, dice)
    newest = set(index.page(ORG, plan_of("hello"), 40).hits)
    for most, whole in ((40, False), (99, False), (100, True), (101, True)):
        page = index.best(ORG, plan_of("hello again*"), 5, most=most)
        found = index.best(ORG, plan_of("hello"), 5, most=most)
        assert (found.compared, found.whole) == (min(most, 100), whole)
        assert page.whole == (most >= sum(text.serial % 7 > 0 for text in texts))
    assert set(best_of(index, "hello OR again", most=40)) == newest


def test_texts_that_arrive_between_two_pages_move_nothing(index: SearchIndex) -> None:
    dice = random.Random(4)
    texts = [corpus.make_text(dice, serial) for serial in range(1, 200)]
    added(index, texts, dice)
    line = "refund OR wire OR the"
    expected = best_of(index, line)
    page = index.best(ORG, plan_of(line), 20)
    index.add(ORG, [corpus.make_text(dice, serial, "refund wire the " * 3) for serial in range(200, 400)], 399)
    rest = index.best(ORG, plan_of(line), 500, page.next)
    assert [*page.hits, *rest.hits] == expected
    assert max(serials(index.best(ORG, plan_of(line), 5).hits)) >= 200, "who starts anew sees them"


def test_an_index_with_nothing_in_it_has_no_best(index: SearchIndex) -> None:
    page = index.best(ORG, plan_of("hello"), 5)
    assert (page.hits, page.next, page.compared, page.whole) == ((), None, 0, True)


def test_a_cursor_of_another_order_is_refused_and_one_beyond_the_end_finds_nothing(index: SearchIndex) -> None:
    written(index, ["hello"] * 9)
    for cursor in ("nonsense", "é", to_cursor((1, 2))):
        with pytest.raises(BadInput, match="cursor"):
            index.best(ORG, plan_of("hello"), 5, cursor)
    with pytest.raises(BadInput, match="cursor"):
        index.page(ORG, plan_of("hello"), 5, to_rank_cursor(9, 5))
    assert index.best(ORG, plan_of("hello"), 5, to_rank_cursor(2**64 - 1, 2**32 - 1)).hits == ()
