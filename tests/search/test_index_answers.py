"""Every implementation of the port answers as the oracle does: the same hits, in the same order, on every page."""

import ast
import inspect
import random
from collections.abc import Sequence

import numpy as np
import pytest

from archive.core.errors import BadInput
from archive.search.index import Difference, IndexBusy, IndexedText, Order, Page, SearchIndex, to_cursor
from archive.search.plan import Among, And, Not
from archive.search.query.parse import parse
from tests.search import corpus, oracle
from tests.search.asking import ORG, all_pages, expect_oracle, plan_of
from tests.search.oracle import Oracle


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


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_of_any_length_follow_each_other_to_the_end(index: SearchIndex, limit: int, order: Order) -> None:
    """Late arrivals and equal moments are the rule in this corpus, and texts are spread over months and commits."""
    dice = random.Random(limit)
    texts = [corpus.make_text(dice, serial) for serial in range(1, 101)]
    added(index, texts, dice)
    index.purge(ORG, range(1, 101, 7))
    left = [text for text in texts if text.serial % 7 != 1]
    expected = sorted(((text.at, text.serial) for text in left), reverse=order == "newest")
    assert all_pages(index, "", limit, order) == [(serial, at) for at, serial in expected]


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("seed", range(3))
def test_what_comes_and_goes_between_two_pages_neither_shifts_nor_repeats_a_hit(
    index: SearchIndex, seed: int, order: Order
) -> None:
    dice = random.Random(seed)
    texts = {serial: corpus.make_text(dice, serial, "hello") for serial in range(1, 401)}
    index.add(ORG, [texts[serial] for serial in range(1, 101)], 100)
    gone, seen, cursor, last = set[int](), list[tuple[int, int]](), None, 100
    while True:
        page = index.page(ORG, plan_of("hello"), 9, cursor, order)
        seen += page.hits
        if (cursor := page.next) is None:
            break
        index.add(ORG, [texts[serial] for serial in range(last + 1, last + 7)], last + 6)
        last += 6
        victims = dice.sample(sorted(set(range(1, last + 1)) - gone), 3)
        gone |= set(victims)
        index.purge(ORG, victims)
    places = [(at, serial) for serial, at in seen]
    assert places == sorted(set(places), reverse=order == "newest")
    assert {serial for serial, _ in seen} >= set(range(1, 101)) - gone


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


@pytest.mark.parametrize("cursor", ["nonsense", "AAAA", "é", to_cursor((1, 2))[:-3], "=" * 9])
def test_a_cursor_that_is_none_is_refused(index: SearchIndex, cursor: str) -> None:
    with pytest.raises(BadInput, match="cursor"):
        index.page(ORG, plan_of(""), 5, cursor)


def test_a_batch_that_was_read_before_the_index_moved_or_lost_texts_is_refused(index: SearchIndex) -> None:
    dice = random.Random(8)
    texts = {serial: corpus.make_text(dice, serial, "hello") for serial in range(1, 10)}
    index.add(ORG, [texts[1], texts[2]], 2, (), index.state(ORG))
    before = index.state(ORG)
    index.purge(ORG, [1])
    with pytest.raises(IndexBusy):
        index.add(ORG, [texts[3]], 3, (), before)
    before = index.state(ORG)
    index.add(ORG, [texts[3]], 3, (), before)
    with pytest.raises(IndexBusy):
        index.add(ORG, [texts[3], texts[4]], 4, (), before)
    before = index.state(ORG)
    index.drop(ORG)
    with pytest.raises(IndexBusy):
        index.add(ORG, [texts[4]], 4, (), before)
    assert (index.position(ORG), index.texts(ORG)) == (0, 0)


def test_index_and_database_are_compared_up_to_a_place(index: SearchIndex) -> None:
    dice = random.Random(9)
    index.add(ORG, [corpus.make_text(dice, serial, "hello") for serial in (2, 3, 5, 9)], 10, [4])
    assert index.compare(ORG, [2, 3, 4, 5, 9], 10) == Difference([], [])
    assert index.compare(ORG, [1, 2, 5], 6) == Difference([1], [3, 4])
    index.purge(ORG, [3, 4])
    assert index.compare(ORG, [2, 5, 9], 10) == Difference([], [])
    assert index.state(ORG).unreadable == ()


def test_the_oracle_knows_nothing_of_how_the_archive_cuts_texts_into_words() -> None:
    """What both got from one source they would both get wrong."""
    imported = {
        name
        for module in (oracle, corpus)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.ImportFrom | ast.Import)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if name.startswith("archive")
    }
    assert imported == {"archive.search.index", "archive.search.query", "archive.search.query.model"}
