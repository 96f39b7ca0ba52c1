"""A hold and a purge at the same time: whatever the order, what a hold has acknowledged is not destroyed."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from sqlalchemy import select, text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.clock import day_number
from archive.holds.model import Predicate
from archive.holds.placing import Placed, place_hold
from archive.holds.store import HoldMessageRow
from archive.messages.store import MessageRow
from archive.retention.beginning import begin
from archive.retention.purge import Clocks, run_due
from archive.wiring import Archive
from tests.holds.ordering import DANA, order, texts
from tests.retention.purging import DAY, batch, go_to, planned, purge_time, verified

INTERLEAVINGS = 1_000
MOST_SPINS = 20_000
STEP = 4_000
"""How much longer the one that was first waits the next time: so the two stay level on any machine and database."""

TEXTS = 4

# What a round has done is taken back behind the ledger's back: another evening like this one would take a second.
TAKEN_BACK = (
    "DELETE FROM hold_message WHERE org_id = :org",
    "UPDATE message SET shredding = NULL, due_on = :day WHERE org_id = :org",
    "UPDATE purge_batch SET state = 'planned', begun_at = NULL, begun_entry = NULL WHERE org_id = :org",
    "UPDATE hold SET released_at = 1 WHERE org_id = :org",
)


@dataclass(frozen=True)
class Outcome:
    placed: Placed
    held: set[int]
    shredding: set[int]


class Evening:
    """The same evening again and again: a batch that may begin, and a hold that may be placed."""

    def __init__(self, archive: Archive, organisation: OrganisationRow) -> None:
        self.archive, self.organisation = archive, organisation
        self.serials = texts(archive, organisation, *({"text": f"text {at}"} for at in range(TEXTS)))
        planned(archive, organisation)
        go_to(archive, purge_time())
        self._choose = random.Random(20261125)
        self._handicap = 0

    def race(self, pool: ThreadPoolExecutor) -> Outcome:
        start, wanted = Barrier(2), tuple(self._choose.sample(self.serials, self._choose.randint(1, TEXTS)))
        purge_waits, hold_waits = (
            self._choose.randrange(MOST_SPINS) + max(handicap, 0) for handicap in (self._handicap, -self._handicap)
        )

        def purge() -> None:
            _wait(start, purge_waits)
            with self.archive.transactions.write(self.organisation.id, OPERATOR) as tx:
                assert begin(tx, DAY.isoformat(), [])

        def hold() -> Placed:
            _wait(start, hold_waits)
            wanted_by = order(predicate=Predicate(serials=wanted), standing=False)
            return place_hold(self.archive, self.organisation.id, DANA, wanted_by)

        purging, holding = pool.submit(purge), pool.submit(hold)
        purging.result()
        placed = holding.result()
        assert placed.preserved + placed.shredding == len(wanted)
        self._handicap += STEP if placed.shredding else -STEP
        return self._outcome(placed)

    def _outcome(self, placed: Placed) -> Outcome:
        with self.archive.transactions.read(self.organisation.id, OPERATOR) as tx:
            held = tx.session.scalars(select(HoldMessageRow.seq).where(HoldMessageRow.hold_id == placed.hold_id))
            shredding = tx.session.scalars(select(MessageRow.seq).where(MessageRow.shredding.is_not(None)))
            return Outcome(placed, set(held), set(shredding))

    def take_back(self) -> None:
        with self.archive.engine.begin() as connection:
            for statement in TAKEN_BACK:
                values = {"org": self.organisation.id, "day": day_number(DAY)}
                connection.execute(text(statement), {name: values[name] for name in values if f":{name}" in statement})


def _wait(start: Barrier, spins: int) -> None:
    """Both are let go at once, and then each is held up for a moment of its own."""
    start.wait()
    for _ in range(spins):
        pass


@pytest.mark.slow
@pytest.mark.tampers
def test_of_a_thousand_interleavings_none_destroys_what_was_acknowledged(
    archive: Archive, organisation: OrganisationRow
) -> None:
    evening, rescued, late = Evening(archive, organisation), 0, 0
    with ThreadPoolExecutor(2) as pool:
        for _ in range(INTERLEAVINGS):
            outcome = evening.race(pool)
            assert outcome.held & outcome.shredding == set()
            assert len(outcome.held) == outcome.placed.preserved
            assert outcome.held | outcome.shredding == set(evening.serials), "what is not held goes"
            rescued += bool(outcome.held)
            late += bool(outcome.placed.shredding)
            evening.take_back()
    assert min(rescued, late) > INTERLEAVINGS / 20, "each of the two has been the first often enough"


def test_after_a_race_the_batch_goes_on_without_what_was_held(archive: Archive, organisation: OrganisationRow) -> None:
    evening = Evening(archive, organisation)
    with ThreadPoolExecutor(2) as pool:
        outcome = evening.race(pool)
    ran = run_due(archive, organisation, Clocks(archive.clock()))
    assert ran.unfinished == {}
    assert set(batch(archive, organisation).destroyed) == outcome.shredding
    assert verified(archive, organisation).faults == []
