"""Every implementation of the port answers as the oracle does: the same hits, in the same order, on every page."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from archive.core.errors import BadInput
from archive.search.index import IndexedText, NotSearchable, Order, Page, SearchIndex, to_cursor
from archive.search.plan import Among, And, Not
from archive.search.query.parse import parse
from archive.search.resolve import resolve
from archive.search.whoosh.engine import WhooshIndex
from tests.search import corpus
from tests.search.oracle import Oracle

ORG = 7


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    return WhooshIndex(tmp_path / "index")


def plan_of(line: str):
    return resolve(None, parse(line))  # type: ignore[arg-type]  # No query here asks for a place.


def all_pages(index: SearchIndex, line: str, limit: int, order: Order = "newest") -> list[tuple[int, int]]:
    hits: list[tuple[int, int]] = []
    cursor = None
    while True:
        page = index.page(ORG, plan_of(line), limit, cursor, order)
        hits += page.hits
        assert page.next is None or len(page.hits) == limit
        if page.next is None:
            return hits
        cursor = page.next


def expect_oracle(index: SearchIndex, oracle: Oracle, lines: Sequence[str], dice: random.Random) -> int:
    found = 0
    for line in lines:
        expected = oracle.hits(parse(line))
        assert all_pages(index, line, dice.choice([25, 60, 500])) == expected, line
        assert all_pages(index, line, dice.choice([25, 60, 500]), "oldest") == expected[::-1], line
        assert index.count(ORG, plan_of(line)) == len(expected), line
        found += bool(expected)
    return found


def added(index: SearchIndex, texts: Sequence[IndexedText], dice: random.Random) -> None:
    start = 0
    while start < len(texts):
        batch = texts[start : start + dice.choice([1, 3, 20, 90])]
        index.add(ORG, batch, batch[-1].serial)
        start += len(batch)


@pytest.mark.parametrize("seed", range(5))
def test_generated_texts_are_found_as_the_oracle_finds_them(index: SearchIndex, seed: int) -> None:
    dice = random.Random(seed)
    texts = [corpus.make_text(dice, serial) for serial in range(1, 301)]
    added(index, texts, dice)
    lines = list(corpus.make_lines(dice, 120))
    assert expect_oracle(index, Oracle(texts), lines, dice) > len(lines) / 3
    assert index.check(ORG) == []


@pytest.mark.parametrize("seed", range(3))
def test_any_history_of_adding_purging_and_opening_again_ends_in_the_same_answers(tmp_path: Path, seed: int) -> None:
    dice = random.Random(100 + seed)
    index = WhooshIndex(tmp_path)
    oracle, serial = Oracle(), 0
    for _ in range(40):
        if dice.random() < 0.25 and oracle.known:
            gone = dice.sample(sorted(oracle.known), min(len(oracle.known), dice.choice([1, 5, 60])))
            assert index.purge(ORG, [*gone, 999_999]) == len(gone)
            oracle.remove(gone)
        else:
            texts = [corpus.make_text(dice, serial + number) for number in range(1, dice.choice([1, 2, 40]) + 1)]
            serial = texts[-1].serial + dice.randrange(3)
            index.add(ORG, texts, serial)
            oracle.add(texts)
        if dice.random() < 0.2:
            index = WhooshIndex(tmp_path)
        assert (index.position(ORG), index.texts(ORG)) == (serial, len(oracle.known))
    expect_oracle(index, oracle, list(corpus.make_lines(dice, 40)), dice)
    assert index.check(ORG) == []


def test_what_only_the_database_knows_is_asked_for_by_serial_page_by_page(index: SearchIndex) -> None:
    dice = random.Random(4)
    texts = [corpus.make_text(dice, serial) for serial in range(1, 301)]
    added(index, texts, dice)
    chosen = sorted(dice.sample(range(1, 400), 150))
    among = Among(np.array(chosen))
    for line in ("", "refund", "after:2025-12-01 -direction:in", "colour~ OR has:link"):
        found = Oracle(texts).hits(parse(line))
        for plan, expected in (
            (And((plan_of(line), among)), [hit for hit in found if hit[0] in chosen]),
            (And((plan_of(line), Not(among))), [hit for hit in found if hit[0] not in chosen]),
        ):
            first = index.page(ORG, plan, 20)
            second = index.page(ORG, plan, 500, first.next) if first.next else Page((), None)
            assert [*first.hits, *second.hits] == expected
            assert index.count(ORG, plan) == len(expected)


def test_equal_moments_are_ordered_by_serial(index: SearchIndex) -> None:
    dice = random.Random(1)
    same = [corpus.make_text(dice, serial, "tie") for serial in range(1, 60)]
    texts = [IndexedText(**{**as_dict(text), "at": corpus.START}) for text in same]
    added(index, texts, dice)
    assert [serial for serial, _ in all_pages(index, "tie", 4)] == list(range(59, 0, -1))


def as_dict(text: IndexedText) -> dict[str, object]:
    return {name: getattr(text, name) for name in IndexedText.__slots__}


def test_texts_that_arrive_between_two_pages_neither_shift_nor_repeat_a_hit(index: SearchIndex) -> None:
    dice = random.Random(2)
    first = [corpus.make_text(dice, serial, "hello") for serial in range(1, 101)]
    index.add(ORG, first, 100)
    page = index.page(ORG, plan_of("hello"), 30)
    index.add(ORG, [corpus.make_text(dice, serial, "hello") for serial in range(101, 301)], 300)
    rest = index.page(ORG, plan_of("hello"), 500, page.next)
    old = {text.serial for text in first}
    seen = [serial for serial, _ in (*page.hits, *rest.hits) if serial in old]
    assert len(seen) == len(set(seen)) == 100


def test_two_organisations_never_mix(index: SearchIndex) -> None:
    dice = random.Random(3)
    index.add(1, [corpus.make_text(dice, 5, "ours alone")], 5)
    index.add(2, [corpus.make_text(dice, 5, "theirs alone")], 9)
    assert [index.count(org, plan_of("ours")) for org in (1, 2, 3)] == [1, 0, 0]
    assert [index.count(org, plan_of("alone")) for org in (1, 2, 3)] == [1, 1, 0]
    assert [index.position(org) for org in (1, 2, 3)] == [5, 9, 0]
    index.drop(1)
    assert [index.count(org, plan_of("alone")) for org in (1, 2, 3)] == [0, 1, 0]


def test_adding_the_same_again_changes_nothing(index: SearchIndex) -> None:
    texts = [corpus.make_text(random.Random(4), serial) for serial in range(1, 20)]
    for _ in range(3):
        index.add(ORG, texts, 19)
    assert index.texts(ORG) == index.count(ORG, plan_of("")) == 19
    index.add(ORG, texts, 7)
    assert index.position(ORG) == 19


def test_the_position_moves_over_entries_that_are_no_texts(index: SearchIndex) -> None:
    index.add(ORG, [], 40)
    assert (index.position(ORG), index.texts(ORG), index.page(ORG, plan_of(""), 5).hits) == (40, 0, ())


def test_a_text_that_no_index_should_choke_on_is_found_by_its_words(index: SearchIndex) -> None:
    dice = random.Random(5)
    odd = [
        "\x00null\x00byte",
        "half \ud83d pair",
        "x" * 5_000 + " long",
        "word " * 70_000 + "needle pin",
        "\u202ertl\u202c",
        "",
    ]
    index.add(ORG, [corpus.make_text(dice, serial, text) for serial, text in enumerate(odd, 1)], 6)
    for line, serial in (("null", 1), ("half", 2), ("long", 3), ('"needle pin"', 4), ("rtl", 5)):
        assert [hit[0] for hit in all_pages(index, line, 5)] == [serial], line
    assert index.count(ORG, plan_of("")) == 6


def test_a_value_with_half_a_character_is_found_by_the_same_value(index: SearchIndex) -> None:
    text = corpus.make_text(random.Random(6), 1, "hello")
    index.add(ORG, [IndexedText(**{**as_dict(text), "sender": "na\ud83dme"})], 1)
    assert index.count(ORG, plan_of("hello")) == 1


def test_a_prefix_of_too_many_words_is_refused_with_a_reason(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, terms_at_most=1_000)
    many = " ".join(f"a{number}" for number in range(1_001))
    index.add(ORG, [corpus.make_text(random.Random(7), 1, many)], 1)
    with pytest.raises(NotSearchable, match="more letters"):
        index.count(ORG, plan_of("a*"))
    assert index.count(ORG, plan_of("a1*")) == 1


@pytest.mark.parametrize("cursor", ["nonsense", "AAAA", "é", to_cursor((1, 2))[:-3], "=" * 9])
def test_a_cursor_that_is_none_is_refused(index: SearchIndex, cursor: str) -> None:
    with pytest.raises(BadInput, match="cursor"):
        index.page(ORG, plan_of(""), 5, cursor)
