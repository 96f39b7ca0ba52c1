"""One text in hand is found by a query exactly when an index would find it."""

import random

import numpy as np
import pytest

from archive.search.matching import TextInHand
from archive.search.plan import Among, Everything, Not, Nothing
from archive.search.query.parse import parse
from archive.search.resolve import resolve
from tests.search import corpus
from tests.search.oracle import Oracle


@pytest.mark.parametrize("seed", range(6))
def test_generated_texts_are_matched_as_the_oracle_finds_them(seed: int) -> None:
    dice = random.Random(seed)
    texts = [corpus.make_text(dice, serial) for serial in range(1, 121)]
    in_hand = {text.serial: TextInHand(text) for text in texts}
    found = 0
    for line in corpus.make_lines(dice, 200):
        query = parse(line)
        plan = resolve(None, query)  # type: ignore[arg-type]  # No query here asks for a place.
        expected = {serial for serial, _ in Oracle(texts).hits(query)}
        assert {serial for serial, text in in_hand.items() if text.fits(plan)} == expected, line
        found += bool(expected)
    assert found > 70


def test_what_only_the_database_knows_is_matched_by_serial() -> None:
    text = TextInHand(corpus.make_text(random.Random(1), 7))
    assert text.fits(Among(np.array([3, 7]))) and not text.fits(Among(np.array([3, 8])))
    assert text.fits(Everything()) and text.fits(Not(Nothing()))
