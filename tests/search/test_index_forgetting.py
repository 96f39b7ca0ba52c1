"""What is purged is in no file of the index any more; what is held beside it stays findable."""

import random
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest

from archive.search import analysis
from archive.search.index import IndexedText
from archive.search.whoosh.engine import WhooshIndex
from tests.raw_bytes import spellings, where_found
from tests.search import corpus
from tests.search.asking import ORG, found
from tests.search.failing import FailingDisk, PulledCable

_choose = random.Random(20261124)
DAY = range(1, 61)
HELD = {serial for serial in DAY if serial % 6 == 0}
GONE = sorted(set(DAY) - HELD)
OTHERS = range(61, 121)


def letters(length: int) -> str:
    return "".join(_choose.choices("bcdfghjklmnpqrstvwxz", k=length))


# Each text has words, a name, a number, an address and an account that no other has.
SECRETS = {
    serial: {
        "word": letters(14),
        "name": f"{letters(10)}'{letters(10)}",
        "number": f"{_choose.randrange(2 * 10**9, 10**10)}",
        "sender": f"+1{_choose.randrange(2 * 10**9, 10**10)}",
        "host": f"{letters(12)}.{letters(10)}.com",
        "account": f"AC{letters(12)}",
        "campaign": f"C{letters(12)}",
    }
    for serial in (*DAY, *OTHERS)
}


def text_of(serial: int, period: str = "2027-12") -> IndexedText:
    secret = SECRETS[serial]
    words = f"hello {secret['word']} {secret['name']} call {secret['number']} at https://{secret['host']}/pay refund"
    return replace(
        corpus.make_text(random.Random(serial), serial, words),
        period=period,
        direction="in",
        sender=secret["sender"],
        others=(secret["sender"],),
        account=secret["account"],
        campaign=secret["campaign"],
    )


def needles(serials: Collection[int]) -> dict[bytes, str]:
    """Every spelling of everything that only these texts have."""
    return {
        needle: f"{serial}: {what}"
        for serial in serials
        for what, secret in SECRETS[serial].items()
        for part in secret.replace("'", ".").split(".")
        for folded in {part, part.lower()}
        if len(folded) >= 10
        for needle in spellings(folded)
    }


def texts_in(folder: Path, serials: Collection[int]) -> set[int]:
    return {int(what.partition(":")[0]) for what in where_found(needles(serials), folder)}


@pytest.fixture
def index(tmp_path: Path) -> WhooshIndex:
    """Two days of one month, come in a few at a time, so that they are compacted together."""
    made = WhooshIndex(tmp_path / "index")
    serials = [*DAY, *OTHERS]
    for start in range(0, len(serials), 7):
        batch = serials[start : start + 7]
        made.add(ORG, [text_of(serial) for serial in batch], batch[-1])
    assert texts_in(tmp_path, serials) == set(serials)
    return made


def expect_forgotten(folder: Path, index: WhooshIndex) -> None:
    assert texts_in(folder, GONE) == set()
    left = HELD | set(OTHERS)
    assert texts_in(folder, left) == left
    for serial in (*DAY, *OTHERS):
        expected = [serial] if serial in left else []
        for secret in (SECRETS[serial]["word"], SECRETS[serial]["name"], f"from:{SECRETS[serial]['sender']}"):
            assert found(index, secret) == expected, secret
    assert set(found(index, "hello refund")) >= left
    assert index.check(ORG) == []


def test_a_purged_day_leaves_none_of_its_words_in_any_file(tmp_path: Path, index: WhooshIndex) -> None:
    assert index.purge(ORG, GONE) == len(GONE)
    expect_forgotten(tmp_path, index)
    expect_forgotten(tmp_path, WhooshIndex(tmp_path / "index"))


def test_nothing_comes_back_when_the_month_is_compacted_afterwards(tmp_path: Path, index: WhooshIndex) -> None:
    index.purge(ORG, GONE)
    for serial in range(200, 280):
        text = replace(corpus.make_text(random.Random(serial), serial, "hello refund"), period="2027-12")
        index.add(ORG, [text], serial)
    expect_forgotten(tmp_path, index)


def test_a_text_purged_after_it_was_compacted_with_others_is_gone(tmp_path: Path, index: WhooshIndex) -> None:
    for start in range(0, len(GONE), 9):
        index.purge(ORG, GONE[start : start + 9])
    expect_forgotten(tmp_path, index)


def test_a_purge_that_was_cut_off_leaves_nothing_once_it_is_done_again(tmp_path: Path, index: WhooshIndex) -> None:
    for works in range(12):
        with pytest.raises(PulledCable):
            WhooshIndex(tmp_path / "index", FailingDisk(min(works, 3))).purge(ORG, GONE)
    index.purge(ORG, GONE)
    expect_forgotten(tmp_path, index)


WORK: dict[str, Callable[[WhooshIndex], object]] = {
    "purged": lambda index: index.purge(ORG, GONE),
    "dropped": lambda index: index.drop(ORG),
    "gave a month up": lambda index: index.give_up(ORG, ["2027-12"]),
}


@pytest.mark.parametrize("what", WORK)
def test_no_word_stays_in_the_memory_of_whoever(index: WhooshIndex, what: str) -> None:
    assert SECRETS[GONE[0]]["word"] in analysis._remembered
    WORK[what](index)
    assert not analysis._remembered


def test_a_word_that_a_held_text_has_too_stays_for_it_alone(index: WhooshIndex) -> None:
    last = max(OTHERS)
    shared = [replace(text_of(1), serial=last + number, text="hello sharedword") for number in (1, 2)]
    index.add(ORG, shared, last + 2)
    index.purge(ORG, [last + 1])
    assert found(index, "sharedword") == [last + 2]
