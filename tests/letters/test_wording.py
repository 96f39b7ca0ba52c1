"""The exact words: every version as it was released, filled in with nothing left over and nothing slipped in."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.core.errors import NotFound
from archive.letters.wording import DIGESTS, NEWEST, Block, blocks, fill, runs, wording

VALUES = {
    "legal_name": "Harbour Wealth, LLC",
    "trading_name": "",
    "address": "100 Congress Avenue, Austin, TX 78701, US",
    "carrier": "",
    "provider": "Twilio",
    "count": "2",
    "valid_days": "",
    "first_name": "Dana",
    "last_name": "Whitfield",
    "title": "COO",
    "email": "dana@harbour.example",
    "phone": "",
}
NUMBERS = ("+1 (212) 555-0123", "+1 (212) 555-0124")

# Once released a version is never edited: who changes its words makes another.
RELEASED = {1: "05b127b7eabe41ab73a4e64e0c7a6281e25983a080d199cc26269e532c596935"}

# What providers and the closest rule of the law ask of such a letter.
CLAUSES = (
    *("authorized to sign", "agent", "SMS and MMS", "voice service", "stay as they are", "cooperate", "transferred"),
    "revokes it in writing",
)


def test_every_version_is_as_it_was_released() -> None:
    assert DIGESTS == RELEASED
    assert {version: wording(version).digest for version in DIGESTS} == RELEASED
    assert max(DIGESTS) == NEWEST


def test_a_version_that_never_was_is_not_found() -> None:
    with pytest.raises(NotFound):
        wording(99)


@pytest.mark.parametrize("version", DIGESTS)
def test_the_words_say_what_such_a_letter_has_to_say(version: int) -> None:
    assert [clause for clause in CLAUSES if clause not in wording(version).letter] == []


def test_lines_without_a_value_are_left_out_and_each_number_has_its_own() -> None:
    text = fill(wording(1).letter, VALUES, NUMBERS)
    assert "{" not in text
    assert "Trading name" not in text
    assert "9. Term" not in text
    assert "- +1 (212) 555-0123\n- +1 (212) 555-0124\n" in text
    assert "9. Term" in fill(wording(1).letter, {**VALUES, "valid_days": "365"}, NUMBERS)


def test_the_parts_of_a_letter_are_told_apart() -> None:
    found = blocks(fill(wording(1).letter, VALUES, NUMBERS))
    assert found[0] == Block("title", "Letter of Authorization")
    assert Block("fact", "Harbour Wealth, LLC", "Subscriber") in found
    assert next(block.label for block in found if block.kind == "clause") == "1. Authority"
    assert [len(run.blocks) for run in runs(fill(wording(1).letter, VALUES, NUMBERS)) if run.kind == "number"] == [2]


@given(st.text(string.printable.replace("\n", "").replace("\r", ""), min_size=1))
def test_no_name_changes_what_the_letter_says(name: str) -> None:
    """Neither fields, clauses nor headings can be typed into it."""
    text = fill(wording(1).letter, {**VALUES, "legal_name": name}, NUMBERS)
    plain = fill(wording(1).letter, VALUES, NUMBERS)
    assert text.replace(f"Subscriber: {name}\n", "Subscriber: Harbour Wealth, LLC\n") == plain
