"""A labelled set of replies in three languages: every keyword is one, nothing else ever is."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from archive.optouts.suspicious import _WORDINGS
from archive.optouts.wording import KEYWORDS, LONGEST_REPLY, Said, fold, read_reply

with (Path(__file__).parent / "replies.csv").open(encoding="utf-8", newline="") as file:
    REPLIES = [(row["text"], row["said"], row["language"]) for row in csv.DictReader(file)]


def test_the_set_is_large_and_has_every_language_and_answer() -> None:
    assert len(REPLIES) >= 400
    assert min(Counter(language for _, _, language in REPLIES).values()) >= 90
    assert {said for _, said, _ in REPLIES} == {*Said, "none"}


@pytest.mark.parametrize(("text", "said"), [(text, said) for text, said, _ in REPLIES if said != "none"])
def test_a_keyword_is_understood_and_freer_wording_is_suspected(text: str, said: str) -> None:
    assert read_reply(text) == said


@pytest.mark.parametrize("text", [text for text, said, _ in REPLIES if said == "none"])
def test_ordinary_talk_is_nothing_at_all(text: str) -> None:
    assert read_reply(text) is None


@pytest.mark.parametrize("seven", ["STOP", "QUIT", "END", "REVOKE", "OPT OUT", "CANCEL", "UNSUBSCRIBE"])
def test_the_words_of_the_rule_opt_out(seven: str) -> None:
    for spelling in (seven, seven.lower(), seven.title(), f"“{seven}.”", f" {seven} 🙏\n", f"\u200b{seven}!!"):
        assert read_reply(spelling) is Said.OPT_OUT


@pytest.mark.parametrize("keyword", KEYWORDS)
@pytest.mark.parametrize("around", ["{} at ten", "the {}", "{} 2", "{} שלום", "no {} no"])
def test_no_keyword_acts_with_another_word_beside_it(keyword: str, around: str) -> None:
    assert read_reply(around.format(keyword)) in (None, Said.SUSPICION)


def test_hostile_texts_are_read_quickly_and_without_an_error() -> None:
    for text in ("", "\x00", "\ud83d", "stop \ud83d", "s" * 100_000, "stop " * 20_000, "́" * 50_000, "no me " * 9_000):
        read_reply(text)
    assert read_reply("x " * LONGEST_REPLY + "stop texting me") is None


@pytest.mark.parametrize("starts", _WORDINGS)
def test_what_a_wording_is_looked_up_by_is_up_to_four_letters(starts: str) -> None:
    assert all(1 <= len(start) <= 4 and fold(start) == [start] for start in starts.split())
