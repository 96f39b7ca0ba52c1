"""Which text is meant: planted ones, and near misses of each kind."""

from datetime import timedelta

import pytest

from archive.spam.matching import LIKELY, WORTH_SHOWING, Candidate, Told, compare, fold, likeliest
from archive.spam.model import Claim
from tests.spam.reporting import SENT, WORDS

MINUTE = timedelta(minutes=1)
CLAIM = Claim(SENT, SENT + MINUTE)


def told(*, reporter: bool = True, words: str = WORDS, claim: Claim | None = CLAIM) -> Told:
    return Told(reporter, claim, fold(words))


def text(words: str = WORDS, minutes: float = 0, same: bool | None = True, serial: int = 1) -> Candidate:
    return Candidate(serial, SENT + minutes * MINUTE, same, fold(words))


@pytest.mark.parametrize(
    ("report", "candidate", "score"),
    [
        (told(), text(), 100),
        (told(words=""), text(minutes=3), 65),
        (told(claim=None), text(minutes=99_999), 75),
        (told(reporter=False), text(same=None), 60),
        (told(words="YOUR PÁRCEL IS WAITING - pay the small fee of 2 today"), text(), 100),
        (told(words="Your parcel is waiting. Pay the small fee of"), text(), 98),
    ],
    ids=["all of it", "no words", "no time", "nobody", "another spelling", "cut off"],
)
def test_what_is_meant_is_found(report: Told, candidate: Candidate, score: int) -> None:
    assert compare(report, candidate).score == score
    assert score >= LIKELY


@pytest.mark.parametrize(
    ("report", "candidate"),
    [
        (told(), text("See you at noon", minutes=3 * 24 * 60)),
        (told(), text(same=False)),
        (told(reporter=False), text("See you at noon", same=None)),
        (told(reporter=False, claim=None), text(same=None)),
        (told(reporter=False, words="your"), text(same=None)),
        (told(words="", claim=None), text()),
    ],
    ids=[
        "the same people",
        "the same words to another",
        "the same minute",
        "the same words",
        "one word",
        "nothing said",
    ],
)
def test_a_near_miss_is_not_taken_for_it(report: Told, candidate: Candidate) -> None:
    assert compare(report, candidate).score < LIKELY


def test_the_reasons_are_what_was_compared() -> None:
    likeness = compare(told(words="your parcel is here"), text(minutes=4))
    assert (likeness.same_party, likeness.apart, likeness.share) == (True, 3 * MINUTE, 75)
    nothing = compare(told(reporter=False, words="", claim=None), text(same=None))
    assert (nothing.same_party, nothing.apart, nothing.share) == (None, None, None)


def test_within_the_time_that_was_named_nothing_is_apart() -> None:
    day = Claim(SENT - timedelta(hours=9), SENT + timedelta(hours=15))
    assert compare(told(claim=day), text()).apart == timedelta()
    assert compare(told(claim=day), text(minutes=-600)).apart == timedelta(hours=1)


def test_time_counts_for_less_the_farther_away_it_is() -> None:
    scores = [compare(told(), text(minutes=minutes)).score for minutes in (5, 60, 600, 1_500, 2_880, 9_999)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores[1:5])) == 4
    assert scores[-1] == 75


def test_repeated_words_are_not_found_more_often_than_they_are_there() -> None:
    assert compare(told(words="pay pay pay pay"), text("pay now")).share == 25


def test_the_likeliest_come_first_and_of_equals_the_nearest() -> None:
    many = [text(minutes=20 * at, serial=at + 1, same=None) for at in range(9)]
    found = likeliest(told(reporter=False), many)
    assert [one.serial for one in found] == [1, 2, 3, 4, 5]
    assert [one.serial for one in likeliest(told(), [text(serial=7), text(serial=9)])] == [9, 7]


def test_what_is_not_like_it_is_not_shown() -> None:
    far = text("Good morning", minutes=99_999, same=None)
    assert compare(told(reporter=False), far).score < WORTH_SHOWING
    assert likeliest(told(reporter=False), [far]) == []


def test_any_script_and_emptiness_can_be_compared() -> None:
    for words in ("", "   ", "!!!", "🙂", "שלום", "a\x00b", "١٢٣"):
        assert 0 <= compare(told(words=words), text(words)).score <= 100
