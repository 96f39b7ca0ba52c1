"""Taking a job for one due time, giving it back with what became of it, and refusing who was too slow."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from archive.core.faults import in_one_line
from archive.ledger.entry import Event
from archive.runs import clock_store, store
from archive.runs.clocks import ClockVerdict, clocks_agree
from archive.runs.due import due_time, is_held, is_late
from archive.runs.model import Counts, JobState, Lease, LeaseLost, Outcome, Run
from archive.runs.report import JobReport
from archive.tx import Transactions, Tx

_TRIMMED_EVERY = 50
"""Runs between two clean-ups of a job's history."""

NO_WORD = "Its process ended or hung without a word."


class ClockConfirmed(Event, frozen=True, kw_only=True):
    """Somebody said that the clock is right. `last_seen`: the moment that it was compared with."""

    kind = "clock.confirmed"
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended; `error` is one line without texts or secrets."""

    outcome: Outcome
    counts: Counts = field(default_factory=dict)
    error: str | None = None

    @classmethod
    def of(cls, counts: Counts) -> "Result":
        return cls(Outcome.DONE if any(counts.values()) else Outcome.IDLE, counts)

    @classmethod
    def failed(cls, problem: BaseException) -> "Result":
        return cls(Outcome.FAILED, error=in_one_line(problem))


def report(session: Session, now: datetime) -> list[JobReport]:
    """How every job stands, by name."""
    last = store.last_runs(session)
    return [JobReport(state, last.get(state.job), now) for state in store.all_states(session)]


def late_jobs(session: Session, now: datetime) -> int:
    """How many jobs have not succeeded in time."""
    return sum(is_late(state, now) for state in store.all_states(session))


def take(session: Session, job: str, holder: str, now: datetime, *, by_hand: bool = False) -> Lease | None:
    """The lease for the due time that has come, or (by hand) for this moment; None when it is not our turn."""
    state = store.state_of(session, job, lock=True)
    if state is None:
        return None
    due_at = (None if is_held(state, now) else now) if by_hand else due_time(state, now)
    if due_at is None:
        return None
    if state.leased_until is not None:
        _note_lost(session, state, now)
    return store.take(session, state, due_at, holder, now)


def give_back(session: Session, lease: Lease, result: Result, now: datetime) -> None:
    """Raises `LeaseLost` when somebody has taken over: then the run was noted as lost already."""
    if not store.end(session, lease, result.outcome, now):
        raise lease_lost(lease)
    if result.outcome is not Outcome.IDLE:
        store.add_run(session, _run(lease, result, now))
    if lease.token % _TRIMMED_EVERY == 0:
        store.trim(session, lease, now)


def fence(lease: Lease) -> Callable[[Session], None]:
    """Refuses a commit of whoever holds a lease that somebody else has taken over."""

    def demand(session: Session) -> None:
        if not store.is_current(session, lease):
            raise lease_lost(lease)

    return demand


def lease_lost(lease: Lease) -> LeaseLost:
    return LeaseLost(f"The job {lease.job} was taken over by another process.", "Nothing more of it is done here.")


def look_at_clocks(session: Session, now: datetime) -> ClockVerdict:
    """This process's clock, which says `now`, beside the database's and the last moment seen."""
    return clocks_agree(now, {"database": clock_store.database_clock(session)}, clock_store.last_seen(session))


def watch_clocks(transactions: Transactions) -> None:
    """Remember this moment as one at which all was in order. Raises `ClocksDisagree`, and remembers nothing, else."""
    with transactions.glance() as session:
        now = transactions.clock()
        look_at_clocks(session, now).demand()
    with transactions.across() as session:
        clock_store.see(session, now)


def record_confirmation(tx: Tx) -> None:
    tx.record(ClockConfirmed(last_seen=clock_store.last_seen(tx.session)))


def _note_lost(session: Session, state: JobState, now: datetime) -> None:
    assert state.due_at is not None
    assert state.started_at is not None
    lost = Lease(state.job, state.token, state.due_at, state.started_at, state.holder)
    store.count_lost(session, state.job)
    store.add_run(session, _run(lost, Result(Outcome.LOST, error=NO_WORD), now))


def _run(lease: Lease, result: Result, now: datetime) -> Run:
    return Run(
        lease.job,
        lease.token,
        lease.due_at,
        lease.started_at,
        now,
        lease.holder,
        result.outcome,
        result.error,
        result.counts,
    )
