"""Encodings and segments against the published tables and a plain, slow implementation of the rules."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.messages.encoding import GSM_BASIC, GSM_EXTENSION, Segments, measure


def slow_measure(text: str) -> Segments:
    """Character by character: a character that does not fit into the part any more begins the next one."""
    if all(character in GSM_BASIC or character in GSM_EXTENSION for character in text):
        costs, single, part = [2 if c in GSM_EXTENSION else 1 for c in text], 160, 153
        return Segments("gsm-7", sum(costs), slow_count(costs, single, part))
    costs = [2 if ord(c) > 0xFFFF else 1 for c in text]
    return Segments("ucs-2", sum(costs), slow_count(costs, 70, 67))


def slow_count(costs: list[int], single: int, part: int) -> int:
    if sum(costs) <= single:
        return 1
    parts, used = 1, 0
    for cost in costs:
        if used + cost > part:
            parts, used = parts + 1, 0
        used += cost
    return parts


@pytest.fixture
def published(shared: Path) -> dict[str, Any]:
    tables: dict[str, Any] = json.loads((shared / "data" / "telecom" / "gsm7.json").read_text())
    return tables


def test_the_alphabet_is_the_published_one(published: dict[str, Any]) -> None:
    assert published["basic"] == GSM_BASIC
    assert [*GSM_BASIC[:27], "ESC", *GSM_BASIC[27:]] == published["basic_index_order"]
    assert set(published["extension"]) == set(GSM_EXTENSION)
    assert len(GSM_BASIC) == len(set(GSM_BASIC)) == 127


def test_every_published_example_is_measured_as_published(published: dict[str, Any]) -> None:
    assert len(published["examples"]) >= 9
    for case in published["examples"]:
        measured = measure(case["text"])
        assert measured.encoding == case["encoding"].lower()
        assert measured.segments == case["segments"]
        assert measured.units == case.get("units", measured.units)


@pytest.mark.parametrize("character", GSM_BASIC)
def test_a_basic_character_is_one_septet(character: str) -> None:
    assert measure(character) == ("gsm-7", 1, 1)


@pytest.mark.parametrize("character", GSM_EXTENSION)
def test_an_extension_character_is_two_septets(character: str) -> None:
    assert measure(character) == ("gsm-7", 2, 1)


@pytest.mark.parametrize("character", "`çêÁáíóúÈ’“”–…\t\0\x1b\u00a0\u2028你ا")
def test_one_character_from_outside_makes_the_whole_text_ucs_2(character: str) -> None:
    assert measure(character) == ("ucs-2", 1, 1)
    assert measure("a" * 69 + character) == ("ucs-2", 70, 1)
    assert measure(character + "a" * 70) == ("ucs-2", 71, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("gsm-7", 0, 1)),
        ("a" * 160, ("gsm-7", 160, 1)),
        ("a" * 161, ("gsm-7", 161, 2)),
        ("a" * 306, ("gsm-7", 306, 2)),
        ("a" * 307, ("gsm-7", 307, 3)),
        ("a" * 158 + "€", ("gsm-7", 160, 1)),
        ("a" * 159 + "€", ("gsm-7", 161, 2)),
        # 306 septets would fill two parts, but the escape at the border moves to the next.
        ("a" * 152 + "€" + "a" * 152, ("gsm-7", 306, 3)),
        ("a" * 151 + "€" + "a" * 153, ("gsm-7", 306, 2)),
        ("€" * 152, ("gsm-7", 304, 2)),
        ("€" * 153, ("gsm-7", 306, 3)),
        ("é" * 160, ("gsm-7", 160, 1)),
        ("😀", ("ucs-2", 2, 1)),
        ("😀" * 35, ("ucs-2", 70, 1)),
        ("你" * 66 + "😀" + "你" * 66, ("ucs-2", 134, 3)),
        ("你" * 65 + "😀" + "你" * 67, ("ucs-2", 134, 2)),
        ("👨\u200d👩\u200d👧", ("ucs-2", 8, 1)),
        ("\ud83d", ("ucs-2", 1, 1)),
        ("\ude00" * 70, ("ucs-2", 70, 1)),
        ("\ud83d" * 134, ("ucs-2", 134, 2)),
    ],
)
def test_borders_fall_where_the_rules_put_them(text: str, expected: tuple[str, int, int]) -> None:
    assert measure(text) == expected


def test_a_pair_that_arrived_in_halves_is_not_split_either() -> None:
    halves = "\ud83d" + "\ude00"
    assert measure("你" * 66 + halves + "你" * 66) == measure("你" * 66 + "😀" + "你" * 66) == ("ucs-2", 134, 3)


GSM_TEXTS = st.text(st.sampled_from(GSM_BASIC + GSM_EXTENSION * 5), max_size=700)
# Halves of pairs are left out here: the slow rules see characters, and two halves are not one.
ANY_TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("你😀a"), max_size=400)


@given(GSM_TEXTS | ANY_TEXTS | st.text(st.sampled_from("a€"), max_size=700) | st.text("你😀", max_size=400))
@example("a" * 152 + "€" * 200)
def test_any_text_is_measured_as_the_plain_rules_do(text: str) -> None:
    assert measure(text) == slow_measure(text)


@given(st.text(st.characters(), max_size=200))
def test_no_text_whatsoever_is_refused(text: str) -> None:
    measured = measure(text)
    assert measured.segments >= 1
    assert measured.units >= len(text)
