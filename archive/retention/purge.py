"""Carrying out purge batches: forward only, from wherever the last run was broken off.

Any number may run at once. What changes a batch does so under the ledger head's lock, and looks first whether it is
done; what happens outside the database (index, vault, files) can be done twice.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archive.access.organisations import OrganisationRow, this_organisation
from archive.core.errors import ArchiveError
from archive.retention.batch import Batch, State
from archive.retention.batches import open_batches
from archive.retention.beginning import begin, demand_sound_holds
from archive.retention.certifying import certify
from archive.retention.steps import ACTOR, STEPS, Means, Work
from archive.retention.switch import Stop, stop_of
from archive.runs import clock_store
from archive.runs.clocks import ClockVerdict, clocks_agree
from archive.runs.model import LeaseLost

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the clocks say at this moment. `doubts`: a sentence for each that is not to be relied upon."""

    earliest: datetime
    doubts: Sequence[str] = ()

    def demand(self) -> None:
        """Raises `ClocksDisagree`."""
        ClockVerdict(tuple(self.doubts), self.earliest).demand()


def look_at_clocks(means: Means) -> Clocks:
    """Those of this process, the database and the vault, beside the last moment at which all was in order."""
    vault = means.vault.now()
    with means.transactions.glance() as session:
        others = {"database": clock_store.database_clock(session), "vault": vault}
        verdict = clocks_agree(means.transactions.clock(), others, clock_store.last_seen(session))
    return Clocks(verdict.earliest, verdict.problems)


@dataclass(slots=True)
class Ran:
    """What became of the batches of one organisation whose day is over. `waiting` for a person; `unfinished` with what
    stood in the way. `stop`: somebody has stopped the purging.
    """

    certified: list[Batch] = field(default_factory=list)
    waiting: list[Batch] = field(default_factory=list)
    unfinished: dict[str, ArchiveError] = field(default_factory=dict)
    stop: Stop | None = None


def organisation_of(means: Means, org_id: int) -> OrganisationRow:
    with means.transactions.read(org_id, ACTOR) as tx:
        return this_organisation(tx)


def run_due(means: Means, organisation: OrganisationRow, clocks: Clocks) -> Ran:
    """Carry out whatever has begun or whose day is over by the slowest clock. One that fails keeps no other up."""
    ran = Ran()
    with means.transactions.read(organisation.id, ACTOR) as tx:
        ran.stop = stop_of(tx)
        ready = [batch for batch in open_batches(tx) if _is_ready(batch, clocks.earliest)]
    for batch in ready if ran.stop is None else ():
        try:
            done = carry_out(means, organisation, batch.id, clocks.doubts)
        except LeaseLost:
            raise
        except ArchiveError as problem:
            _log.warning("The purge batch %s is not through: %s", batch.id, problem.message)
            ran.unfinished[batch.id] = problem
        else:
            (ran.certified if done.state is State.CERTIFIED else ran.waiting).append(done)
    return ran


def carry_out(means: Means, organisation: OrganisationRow, batch_id: str, doubts: Sequence[str] = ()) -> Batch:
    """One batch to its certificate, or to where it waits for a person. Raises what stands in the way."""
    work = Work(means, organisation, batch_id)
    if work.read().state is State.PLANNED and not begin_batch(work, doubts):
        return work.read()
    while step := work.read().next_step:
        STEPS[step](work)
    return certify(work)


def begin_batch(work: Work, doubts: Sequence[str] = ()) -> bool:
    """Mark what goes, once nothing speaks against it; False if the batch waits for a person."""
    transactions, org_id = work.means.transactions, work.organisation.id
    with transactions.read(org_id, ACTOR) as tx:
        demand_sound_holds(tx)
    with transactions.write(org_id, ACTOR) as tx:
        return begin(tx, work.batch_id, doubts)


def _is_ready(batch: Batch, earliest: datetime) -> bool:
    return batch.state is State.SHREDDING or batch.is_ripe(earliest)
