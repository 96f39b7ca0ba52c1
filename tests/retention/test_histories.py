"""Whatever happens to an archive, in whatever order: what may not go is here, and what has to go is gone.

The model knows of each text when it came in, which number it is of and which word it holds, and works everything else
out by itself: it shares no code with policies, holds or batches.
"""

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from archive.access.organisations import OrganisationRow, create_organisation, list_organisations
from archive.core.actor import OPERATOR
from archive.holds.checking import hold_faults
from archive.keys.local_kms import make_master_key
from archive.retention.batch import State
from archive.retention.model import Scope
from archive.retention.period import Period
from archive.retention.planning import plan_batches
from archive.retention.policies import add_policy
from archive.retention.purge import Clocks, carry_out, run_due
from archive.retention.serials import ranges_of
from archive.safekeeping import keep_up, restore
from archive.search.actions import search
from archive.search.follower import catch_up
from archive.settings import read_settings
from archive.wiring import Archive, build
from tests.conftest import StandingClock
from tests.holds.ordering import hold, release, texts
from tests.items import read_back
from tests.retention.crashing import Crash, Points, mortal
from tests.retention.purging import batches, certificate_of, verified

WORDS = ("refund", "closing", "harbour")
OURS = ("+12125550100", "+12125550199")
DAY = timedelta(days=1)


@dataclass
class Known:
    """One text, as the model knows it. `keep`: the longest that anything has ever said of it."""

    serial: int
    word: str
    number: str
    received_at: datetime
    keep: timedelta
    there: bool = True

    @property
    def last_day(self) -> datetime:
        """The beginning of the day on which its time ends."""
        return (self.received_at + self.keep).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass
class Held:
    """One hold in force: it covers what held its word when it was placed, and if it is standing all that came since."""

    hold_id: str
    word: str
    standing: bool
    covers: set[int]


@cache
def _empty() -> Path:
    """An archive with one organisation in it, made once."""
    folder = Path(tempfile.mkdtemp(prefix="histories-"))
    archive = _open(folder, StandingClock())
    create_organisation(archive.transactions, "Harbour Wealth", OPERATOR, archive.settings.public_url)
    archive.engine.dispose()
    return folder


def _open(folder: Path, clock: StandingClock) -> Archive:
    made = read_settings({"TEXTARCHIVE_DATA": str(folder)})
    if not made.master_key_file.exists():
        folder.mkdir(exist_ok=True)
        make_master_key(made.master_key_file)
    return build(made, clock=clock)


class Histories(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(_empty(), self.folder / "data")
        self.clock = StandingClock()
        self.archive = _open(self.folder / "data", self.clock)
        self.known = list[Known]()
        self.holds = list[Held]()
        self.keep = dict.fromkeys(OURS, timedelta(days=400))
        self.losses = 0

    def teardown(self) -> None:
        if hasattr(self, "archive"):
            self.live_on()
            self._demand_all_in_order()
            self.archive.engine.dispose()
            shutil.rmtree(self.folder)

    @property
    def organisation(self) -> OrganisationRow:
        with self.archive.transactions.glance() as session:
            return list_organisations(session)[0]

    @rule(word=st.sampled_from(WORDS), number=st.sampled_from(OURS), count=st.integers(1, 4))
    def take_in(self, word: str, number: str, count: int) -> None:
        said = [{"text": f"a {word} {len(self.known)}-{at}", "to": [number]} for at in range(count)]
        for serial in texts(self.archive, self.organisation, *said):
            self.known.append(Known(serial, word, number, self.clock(), self.keep[number]))
            for each in self.holds:
                if each.standing and each.word == word:
                    each.covers.add(serial)

    @rule(days=st.sampled_from([1, 3, 8, 40, 393, 402]), hours=st.integers(0, 23))
    def pass_time(self, days: int, hours: int) -> None:
        self.clock.advance(days=days, hours=hours)

    @rule(word=st.sampled_from(WORDS), standing=st.booleans())
    def place_a_hold(self, word: str, standing: bool) -> None:
        catch_up(self.archive.transactions, self.archive.index, self.organisation.id)
        placed = hold(self.archive, self.organisation, word, standing=standing)
        covered = {each.serial for each in self.known if each.there and each.word == word}
        assert placed.preserved + placed.shredding == len(covered)
        if not placed.shredding:
            self.holds.append(Held(placed.hold_id, word, standing, covered))

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def release_a_hold(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.holds) - 1))
        release(self.archive, self.organisation, self.holds.pop(at).hold_id)

    @rule(number=st.sampled_from(OURS), more=st.sampled_from([5, 200]))
    def lengthen_a_policy(self, number: str, more: int) -> None:
        """Longer ones extend what is here."""
        self.keep[number] += timedelta(days=more)
        with self.archive.transactions.write(self.organisation.id, OPERATOR) as tx:
            add_policy(tx, Scope(number=number), Period(days=self.keep[number].days))
        for each in self.known:
            if each.number == number and each.there:
                each.keep = self.keep[number]

    @rule()
    def plan(self) -> None:
        plan_batches(self.archive.transactions, self.organisation.id)

    @rule()
    def run_the_purge_twice_at_once(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            for running in [pool.submit(self._purge) for _ in range(2)]:
                running.result()
        self._note_what_is_gone()

    @rule(at=st.integers(1, 70))
    def break_off_a_purge(self, at: int) -> None:
        dying = mortal(self.archive, Points(at))
        for batch in batches(self.archive, self.organisation):
            if batch.state is not State.CERTIFIED and batch.is_ripe(self.clock()):
                with suppress(Crash):
                    carry_out(dying, self.organisation, batch.id)
        self._note_what_is_gone()

    @rule()
    def live_on(self) -> None:
        """Some days, each with all that happens on a day."""
        for _ in range(11):
            self.index()
            self.plan()
            ran = run_due(self.archive, self.organisation, Clocks(self.clock()))
            assert ran.unfinished == {}
            self._note_what_is_gone()
            self.keep_up()
            self.clock.advance(days=1)

    @rule()
    def index(self) -> None:
        catch_up(self.archive.transactions, self.archive.index, self.organisation.id)

    @rule()
    def keep_up(self) -> None:
        keep_up(self.archive.transactions, self.archive.vault, self.archive.keys_backup, self.organisation)

    @rule(purge_first=st.booleans())
    def lose_the_database(self, purge_first: bool) -> None:
        """All of it was in the vault, and perhaps a purge has gone on since then."""
        self.keep_up()
        if purge_first:
            self._purge()
            self._note_what_is_gone()
        self.archive.engine.dispose()
        self.losses += 1
        lost, data = self.archive.settings, self.folder / f"data-{self.losses}"
        made = replace(lost, data=data, database_url=f"sqlite:///{data / 'archive.db'}")
        self.archive = build(made, clock=self.clock)
        restore(self.archive.transactions, self.archive.vault, self.archive.keys_backup)

    @invariant()
    def what_may_not_go_is_here(self) -> None:
        if hasattr(self, "archive"):
            for each in self.known:
                if each.there:
                    assert self._text_of(each).startswith(f"a {each.word} ")

    def _purge(self) -> None:
        run_due(self.archive, self.organisation, Clocks(self.clock()))

    def _text_of(self, each: Known) -> str:
        return read_back(self.archive, self.organisation.id, each.serial).content.text

    def _note_what_is_gone(self) -> None:
        for each in self.known:
            if each.there and not self._is_there(each):
                each.there = False
                assert each.last_day + DAY <= self.clock(), "its time is over"
                assert not any(each.serial in one.covers for one in self.holds), "no hold keeps it"

    def _is_there(self, each: Known) -> bool:
        count = search(self.archive, self.organisation.id, OPERATOR, f"serial:{each.serial}").count
        with suppress(Exception):
            return bool(self._text_of(each))
        assert count == 0
        return False

    def _demand_all_in_order(self) -> None:
        for each in self.known:
            held = any(each.serial in one.covers for one in self.holds)
            over = each.last_day + 3 * DAY <= self.clock()
            assert each.there or over
            assert not (each.there and over and not held), f"{each} should be gone"
        for word in WORDS:
            found = search(self.archive, self.organisation.id, OPERATOR, word).count
            assert found == sum(each.there for each in self.known if each.word == word)
        with self.archive.transactions.read(self.organisation.id, OPERATOR) as tx:
            assert list(hold_faults(tx)) == []
        assert verified(self.archive, self.organisation).faults == []
        self._demand_certificates()

    def _demand_certificates(self) -> None:
        """Every text that is gone is in one of them, and none in two."""
        done = [batch for batch in batches(self.archive, self.organisation) if batch.state is State.CERTIFIED]
        destroyed = [serial for batch in done for serial in batch.destroyed]
        assert len(destroyed) == len(set(destroyed))
        for batch in done:
            said = certificate_of(self.archive, self.organisation, batch).destroyed
            assert list(said.ranges) == list(ranges_of(batch.destroyed))
        if not self.losses:  # What was certified before a loss is in the ledger; its batch is not a row any more.
            assert set(destroyed) == {each.serial for each in self.known if not each.there}


Histories.TestCase.settings = settings(
    max_examples=80,
    stateful_step_count=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # To make a history shorter takes longer than to read it.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
test_any_history_ends_in_order = Histories.TestCase
