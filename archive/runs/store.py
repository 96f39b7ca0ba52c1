"""The tables of scheduled work. Of no organisation: a job does its work for all of them.

What is here only says how far the machinery has got, so it is no part of any ledger.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.db.base import BOOKKEEPING, Base
from archive.db.upsert import upsert_for
from archive.runs.due import LEASE
from archive.runs.model import Duty, JobState, Lease, Outcome, Run

RUNS_KEPT = 500
FAULTS_KEPT = timedelta(days=30)
"""Of each job the newest runs are kept, and what went wrong before those for some time longer."""


class JobLeaseRow(Base):
    """One row a job: who has it, under which fencing token, and what became of the run before. See `JobState`."""

    __tablename__ = "job_lease"
    __table_args__ = ({"info": BOOKKEEPING},)

    job: Mapped[str] = mapped_column(primary_key=True)
    every_seconds: Mapped[int]
    at_seconds: Mapped[int]
    about: Mapped[str]
    known_at: Mapped[datetime]
    token: Mapped[int]
    holder: Mapped[str]
    due_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    failures: Mapped[int]
    good_at: Mapped[datetime | None]
    done: Mapped[int]
    idle: Mapped[int]
    failed: Mapped[int]
    lost: Mapped[int]


class JobRunRow(Base):
    """One run that did something, failed, or was lost. Those that found nothing to do are only counted."""

    __tablename__ = "job_run"
    __table_args__ = ({"info": BOOKKEEPING},)

    job: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_at: Mapped[datetime]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    holder: Mapped[str]
    outcome: Mapped[str]
    error: Mapped[str | None]
    counts: Mapped[str]


_lease: Any = JobLeaseRow.__table__
_ALL = select(_lease).order_by(_lease.c.job)


def register(session: Session, duties: Iterable[Duty], now: datetime) -> None:
    """Make a job known, or note what has changed about it."""
    for duty in duties:
        values = {"every_seconds": duty.every_seconds, "at_seconds": duty.at_seconds, "about": duty.about}
        fresh = dict.fromkeys(("token", "failures", *Outcome), 0) | {"holder": "", "known_at": now}
        insert = upsert_for(session)(JobLeaseRow).values(job=duty.job, **values, **fresh)
        session.execute(insert.on_conflict_do_update(index_elements=[JobLeaseRow.job], set_=values))


def forget_others(session: Session, jobs: Collection[str]) -> None:
    """Remove those that are on no schedule any more, unless somebody is at one of them."""
    gone = select(JobLeaseRow.job).where(JobLeaseRow.job.not_in(jobs), JobLeaseRow.leased_until.is_(None))
    session.execute(delete(JobRunRow).where(JobRunRow.job.in_(gone)))
    session.execute(delete(JobLeaseRow).where(JobLeaseRow.job.in_(gone)))


def all_states(session: Session) -> list[JobState]:
    return [_state(row) for row in session.execute(_ALL)]


def state_of(session: Session, job: str, *, lock: bool = False) -> JobState | None:
    """With `lock` nobody else can take the job before this transaction ends."""
    wanted = _ALL.where(_lease.c.job == job)
    row = session.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    return _state(row) if row else None


def take(session: Session, state: JobState, due_at: datetime, holder: str, now: datetime) -> Lease:
    """Under the lock of `state_of`."""
    lease = Lease(state.job, state.token + 1, due_at, now, holder)
    values = {"token": lease.token, "holder": holder, "due_at": due_at, "started_at": now, "leased_until": now + LEASE}
    session.execute(update(JobLeaseRow).where(JobLeaseRow.job == state.job).values(values))
    return lease


def renew(session: Session, lease: Lease, now: datetime) -> bool:
    """Whether it is still this lease's turn."""
    return _change(session, lease, {"leased_until": now + LEASE})


def is_current(session: Session, lease: Lease) -> bool:
    """Whether nobody has taken over. If so, nobody can before this transaction ends."""
    held = select(JobLeaseRow.token).where(JobLeaseRow.job == lease.job).with_for_update(read=True)
    return session.scalar(held) == lease.token


def end(session: Session, lease: Lease, outcome: Outcome, now: datetime) -> bool:
    """Give the lease back, saying what became of the run; False if somebody has taken over."""
    column = JobLeaseRow.__table__.c[outcome.value]
    good = outcome in (Outcome.DONE, Outcome.IDLE)
    became = {"failures": 0, "good_at": now} if good else {"failures": JobLeaseRow.failures + 1}
    ended = {"leased_until": None, "ended_at": now, "outcome": outcome.value, outcome.value: column + 1}
    return _change(session, lease, {**ended, **became})


def count_lost(session: Session, job: str) -> None:
    session.execute(update(JobLeaseRow).where(JobLeaseRow.job == job).values(lost=JobLeaseRow.lost + 1))


def add_run(session: Session, run: Run) -> None:
    counts = msgspec.json.encode(dict(run.counts)).decode()
    row = {name: getattr(run, name) for name in ("job", "token", "due_at", "started_at", "ended_at", "holder", "error")}
    session.add(JobRunRow(**row, outcome=run.outcome.value, counts=counts))


def trim(session: Session, lease: Lease, now: datetime) -> None:
    older = (JobRunRow.job == lease.job) & (JobRunRow.token <= lease.token - RUNS_KEPT)
    done = JobRunRow.outcome == Outcome.DONE.value
    session.execute(delete(JobRunRow).where(older, done | (JobRunRow.ended_at < now - FAULTS_KEPT)))


def runs_of(session: Session, job: str, limit: int, before: int | None = None) -> list[Run]:
    """Newest first; those with a token less than `before`."""
    wanted = select(JobRunRow).where(JobRunRow.job == job).order_by(JobRunRow.token.desc()).limit(limit)
    return [_run(row) for row in session.scalars(wanted if before is None else wanted.where(JobRunRow.token < before))]


def last_runs(session: Session) -> dict[str, Run]:
    """By job, the newest that is in the history."""
    newest = select(JobRunRow.job, func.max(JobRunRow.token).label("token")).group_by(JobRunRow.job).subquery()
    same = (JobRunRow.job == newest.c.job) & (JobRunRow.token == newest.c.token)
    return {row.job: _run(row) for row in session.scalars(select(JobRunRow).join(newest, same))}


def _change(session: Session, lease: Lease, values: dict[str, Any]) -> bool:
    """Fenced: a row whose token has moved on is left alone."""
    mine = (JobLeaseRow.job == lease.job) & (JobLeaseRow.token == lease.token)
    changed: Any = session.execute(update(JobLeaseRow).where(mine).values(values))
    return bool(changed.rowcount)


def _state(row: Row[Any]) -> JobState:
    values = dict(row._mapping)
    duty = Duty(values.pop("job"), values.pop("every_seconds"), values.pop("at_seconds"), values.pop("about"))
    outcome = values.pop("outcome")
    return JobState(duty, outcome=Outcome(outcome) if outcome else None, **values)


def _run(row: JobRunRow) -> Run:
    return Run(
        row.job,
        row.token,
        row.due_at,
        row.started_at,
        row.ended_at,
        row.holder,
        Outcome(row.outcome),
        row.error,
        msgspec.json.decode(row.counts),
    )
