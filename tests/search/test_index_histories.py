"""Whatever is done to an index, in whatever order, and wherever it is cut off: it answers as the oracle does."""

import random
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from archive.search.index import IndexBusy, IndexedText
from archive.search.whoosh.engine import WhooshIndex
from tests.search import corpus
from tests.search.asking import ORG, expect_oracle
from tests.search.failing import FailingDisk, PulledCable
from tests.search.oracle import Oracle

SEEDS = st.integers(0, 10_000)
SIZES = st.sampled_from([1, 1, 2, 5, 30])


class Histories(RuleBasedStateMachine):
    """The oracle knows what is stored, as the database does; `lost` are its texts whose months were given up."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.index = WhooshIndex(self.folder)
        self.oracle = Oracle()
        self.serial = 0
        self.unreadable = set[int]()
        self.lost = dict[int, IndexedText]()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    def _make(self, seed: int, size: int) -> list[IndexedText]:
        dice = random.Random(seed)
        return [corpus.make_text(dice, self.serial + number) for number in range(1, size + 1)]

    @rule(seed=SEEDS, size=SIZES, skipped=st.integers(0, 3))
    def add(self, seed: int, size: int, skipped: int) -> None:
        texts = self._make(seed, size)
        through = self.serial + size + skipped
        self.index.add(ORG, texts, through, range(self.serial + size + 1, through + 1), self.index.state(ORG))
        self._added(texts, through)

    def _added(self, texts: list[IndexedText], through: int) -> None:
        self.oracle.add(texts)
        self.unreadable |= set(range(texts[-1].serial + 1, through + 1))
        self.serial = through

    @rule(seed=SEEDS)
    def add_until_it_compacts(self, seed: int) -> None:
        for number in range(9):
            text = replace(self._make(seed + number, 1)[0], period="2027-12")
            self.index.add(ORG, [text], text.serial)
            self._added([text], text.serial)

    @precondition(lambda self: self.oracle.known)
    @rule(seed=SEEDS)
    def add_the_same_again(self, seed: int) -> None:
        texts = [known.text for known in self.oracle.known.values()][: seed % 40 + 1]
        self.index.add(ORG, texts, self.serial - seed % 5)

    @precondition(lambda self: self.oracle.known or self.unreadable)
    @rule(seed=SEEDS, share=st.sampled_from([0.02, 0.3, 1.0]))
    def purge(self, seed: int, share: float) -> None:
        gone = self._victims(seed, share)
        assert self.index.purge(ORG, [*gone, self.serial + 99]) == len(
            gone & self.oracle.known.keys() - self.lost.keys()
        )
        self._gone(gone)

    def _victims(self, seed: int, share: float) -> set[int]:
        known = sorted({*self.oracle.known, *self.unreadable})
        return set(random.Random(seed).sample(known, max(1, int(len(known) * share))))

    def _gone(self, serials: set[int]) -> None:
        self.oracle.remove([serial for serial in serials if serial in self.oracle.known])
        self.unreadable -= serials
        self.lost = {serial: text for serial, text in self.lost.items() if serial not in serials}

    @rule(period=st.sampled_from(corpus.PERIODS))
    def give_up(self, period: str) -> None:
        self.index.give_up(ORG, [period])
        known = self.oracle.known
        self.lost |= {serial: known[serial].text for serial in known if known[serial].text.period == period}

    @precondition(lambda self: self.lost)
    @rule(part=st.sampled_from([0.5, 1.0]))
    def mend(self, part: float) -> None:
        state = self.index.state(ORG)
        stored = {*self.oracle.known, *self.unreadable}
        lacking = self.index.compare(ORG, stored, state.position).lacking
        assert lacking == sorted(self.lost)
        some = lacking[: max(1, int(len(lacking) * part))]
        self.index.mend(ORG, [self.lost[serial] for serial in some], (), state, done=some == lacking)
        self.lost = {serial: text for serial, text in self.lost.items() if serial not in some}

    @rule(seed=SEEDS, size=SIZES, works=st.integers(0, 25))
    def crash_while_adding(self, seed: int, size: int, works: int) -> None:
        texts, done = self._make(seed, size), False
        try:
            WhooshIndex(self.folder, FailingDisk(works)).add(ORG, texts, self.serial + size)
        except PulledCable:
            done = WhooshIndex(self.folder).position(ORG) > self.serial
        else:
            done = True
        if done:
            self._added(texts, self.serial + size)

    @precondition(lambda self: self.oracle.known and not self.lost)
    @rule(seed=SEEDS, works=st.integers(0, 25))
    def crash_while_purging(self, seed: int, works: int) -> None:
        gone = self._victims(seed, 0.3)
        removals = WhooshIndex(self.folder).state(ORG).removals
        with suppress(PulledCable):
            WhooshIndex(self.folder, FailingDisk(works)).purge(ORG, gone)
        if WhooshIndex(self.folder).state(ORG).removals > removals:
            self._gone(gone)

    @rule()
    def open_again(self) -> None:
        self.index = WhooshIndex(self.folder)

    @rule(works=st.integers(0, 3))
    def build_again(self, works: int) -> None:
        try:
            WhooshIndex(self.folder, FailingDisk(works)).drop(ORG)
        except PulledCable:
            self.index.drop(ORG)
        assert (self.index.position(ORG), self.index.texts(ORG)) == (0, 0)
        texts = [known.text for known in self.oracle.known.values()]
        self.index.add(ORG, texts, self.serial, self.unreadable, self.index.state(ORG))
        self.lost = {}

    @rule()
    def be_refused_after_a_removal(self) -> None:
        before = self.index.state(ORG)
        self.index.purge(ORG, [])
        with pytest.raises(IndexBusy):
            self.index.add(ORG, self._make(1, 1), self.serial + 1, (), before)

    @rule(seed=SEEDS)
    def search(self, seed: int) -> None:
        dice = random.Random(seed)
        found = Oracle()
        found.known = {serial: known for serial, known in self.oracle.known.items() if serial not in self.lost}
        expect_oracle(self.index, found, dice.sample(list(corpus.make_lines(dice, 10)), 4), dice)

    @invariant()
    def the_numbers_are_right(self) -> None:
        if not hasattr(self, "index"):
            return
        state = self.index.state(ORG)
        assert (state.position, state.texts) == (self.serial, len(self.oracle.known) - len(self.lost))
        assert state.unreadable == tuple(sorted(self.unreadable))
        # A purge can't say how many of its texts were in a month that nobody can read.
        assert sum(state.lost.values()) >= len(self.lost)
        assert bool(state.lost) or not self.lost

    @rule()
    def check(self) -> None:
        self.index.give_up(ORG, [])
        assert [fault for fault in self.index.check(ORG) if "being indexed again" not in fault.what] == []


Histories.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
test_any_history_ends_in_the_answers_of_the_oracle = Histories.TestCase
