"""Random histories on a real archive: texts, holds, releases, policies and batches, in any order. Nothing goes early or
under a hold, nothing is missed, and the ledger agrees throughout.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from sqlalchemy import select, update

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.holds.proving import prove_coverage
from archive.holds.store import not_held
from archive.ledger.entry import Event
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.proving import verify_organisation
from archive.retention.changing import approve_proposal, is_shorter, propose, set_policy
from archive.retention.finding import bring_forward
from archive.retention.model import EVERYTHING, Scope
from archive.retention.period import Period, dated
from archive.retention.policies import all_policies
from archive.retention.settling import settle
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import DANA, LEE, hold, release, texts, under
from tests.items import OWN_NUMBER

WORDS = ("refund", "wire", "closing", "lunch", "offer")
PERIODS = (Period(days=400), Period(days=450), Period(years=2), Period(years=3))
SCOPES = (EVERYTHING, Scope(number=OWN_NUMBER))


class Begun(Event, frozen=True, kw_only=True):
    kind = "test.begun"


@dataclass
class Known:
    """One text as the test knows it. `promised`: for each scope every date since that scope was last dated anew."""

    words: frozenset[str]
    received_at: datetime
    promised: dict[Scope, list[datetime]] = field(default_factory=dict)

    @property
    def until(self) -> datetime:
        return max(max(dates) for dates in self.promised.values())


class World:
    def __init__(self, archive: Archive, organisation: OrganisationRow, clock: StandingClock, dice: random.Random):
        self.archive, self.organisation, self.clock, self.dice = archive, organisation, clock, dice
        self.texts: dict[int, Known] = {}
        self.gone: set[int] = set()
        self.holds: dict[str, tuple[str, bool, set[int]]] = {}
        self.periods = {EVERYTHING: Period(days=400)}

    def text(self) -> None:
        words = frozenset(self.dice.sample(WORDS, 2))
        made = {"text": " ".join(sorted(words)), "account": f"{len(self.texts)}"}
        (serial,) = texts(self.archive, self.organisation, made)
        known = Known(words, self.clock())
        for scope, period in self.periods.items():
            known.promised[scope] = [dated(self.clock(), self.clock(), period)]
        self.texts[serial] = known
        for word, standing, covered in self.holds.values():
            if standing and word in words:
                covered.add(serial)

    def place(self) -> None:
        word, standing = self.dice.choice(WORDS), self.dice.random() < 0.6
        placed = hold(self.archive, self.organisation, word, standing=standing)
        covered = {serial for serial, known in self.texts.items() if word in known.words}
        self.holds[placed.hold_id] = (word, standing, covered - self.gone)
        assert (placed.preserved, placed.shredding) == (len(covered - self.gone), len(covered & self.gone))

    def release(self) -> None:
        if self.holds:
            hold_id = self.dice.choice(sorted(self.holds))
            del self.holds[hold_id]
            release(self.archive, self.organisation, hold_id)

    def policy(self) -> None:
        scope, period = self.dice.choice(SCOPES), self.dice.choice(PERIODS)
        with self.archive.transactions.write(self.organisation.id, DANA) as tx:
            shorter = is_shorter(all_policies(tx), scope, period)
            existing = self.dice.random() < 0.5
            if not shorter and not existing:
                set_policy(tx, scope, period)
            else:
                row, effect = propose(tx, scope, period, existing=existing)
        if shorter or existing:
            with self.archive.transactions.write(self.organisation.id, LEE) as tx:
                approve_proposal(tx, row.id, effect.sooner)
            bring_forward(self.archive.transactions, self.organisation.id)
        self.periods[scope] = period
        for known in self.texts.values():
            if existing:
                known.promised[scope] = []
            known.promised.setdefault(scope, []).append(dated(known.received_at, known.received_at, period))

    def wait(self) -> None:
        self.clock.advance(days=self.dice.choice([1, 5, 8, 90, 200, 400]), hours=self.dice.randrange(24))

    def batch(self) -> None:
        """As a purge does it: settle all that is due by now, then mark what may go, with the hold in the WHERE."""
        with self.archive.transactions.write(self.organisation.id, OPERATOR) as tx:
            day = MessageRow.due_on < tx.now.date()
            going = settle(tx, list(tx.session.scalars(select(MessageRow.seq).where(day, NOT_SHREDDING)))).going
            entry = tx.record(Begun())
            mark = update(MessageRow).where(MessageRow.seq.in_(going), not_held(), NOT_SHREDDING)
            done = tx.session.execute(mark.values(shredding=entry), execution_options={"synchronize_session": False})
            assert done.rowcount == len(going)  # type: ignore[attr-defined]
        for serial in going:
            assert self.clock() >= self.texts[serial].until
            assert not any(serial in covered for _, _, covered in self.holds.values())
        self.gone |= set(going)

    def check(self) -> None:
        for hold_id, (_, _, covered) in self.holds.items():
            assert set(under(self.archive, self.organisation, hold_id)) == covered
        found = verify_organisation(self.archive.transactions, self.archive.vault, self.organisation)
        assert found.faults == []
        proven = prove_coverage(self.archive.transactions, self.organisation.id, 0)
        assert all(one.added == 0 for one in proven)


@pytest.mark.parametrize("seed", range(6))
def test_any_history_ends_with_everything_held_in_place_and_nothing_gone_early(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, seed: int
) -> None:
    dice = random.Random(seed)
    world = World(archive, organisation, clock, dice)
    steps = [world.text] * 6 + [world.place] * 2 + [world.release, world.policy, world.wait, world.wait, world.batch]
    for _ in range(60):
        dice.choice(steps)()
        clock.advance(seconds=1)
    world.check()
    for hold_id in list(world.holds):
        del world.holds[hold_id]
        release(archive, organisation, hold_id)
    clock.advance(days=4 * 366)
    world.batch()
    assert world.gone == set(world.texts), "once nothing keeps a text any more it is left behind by no batch"
    world.check()


def test_waiting_longer_changes_nothing_for_what_is_held(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    world = World(archive, organisation, clock, random.Random(1))
    world.text()
    word = min(next(iter(world.texts.values())).words)
    hold_id = hold(archive, organisation, word).hold_id
    for _ in range(5):
        clock.advance(days=1_000)
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            assert settle(tx, list(world.texts)).going == []
    assert under(archive, organisation, hold_id) == list(world.texts)
