"""One turn of a job: look whether it is due, take it, do it, give it back.

Any number of processes may do this at any time; the lease lets one through for each due time.
"""

import logging
import os
import socket
import time

from archive.core.errors import Conflict
from archive.core.faults import in_one_line, path_of
from archive.runs import store
from archive.runs.actions import Result, fence, give_back, take
from archive.runs.due import due_time, rested
from archive.runs.keeping import kept
from archive.runs.model import JobState, Lease, LeaseLost
from archive.wiring import Archive
from jobs.spec import Job

PATIENCE_SECONDS = 10.0

log = logging.getLogger(__name__)


def look(archive: Archive, job: Job) -> None:
    """Carry the job out if a due time has come that is nobody else's. A failure is logged and noted, not raised."""
    state, now = known_state(archive, job), archive.clock()
    if due_time(state, now) is None:
        return
    if job.has_work and rested(state, now) and not job.has_work(archive):
        return
    lease = _take(archive, job, by_hand=False)
    if lease:
        try:
            carry_out(archive, job, lease)
        except LeaseLost as lost:
            log.warning("%s", lost)
        except Exception as problem:  # noqa: BLE001 - it is in the history, and tried again.
            log.error("The job %s failed: %s (%s)", job.name, in_one_line(problem), path_of(problem))


def do_now(archive: Archive, job: Job) -> Result:
    """Whether it is due or not. Raises what the job raises, and `Conflict` when another process is at it."""
    known_state(archive, job)
    end = time.monotonic() + PATIENCE_SECONDS
    while (lease := _take(archive, job, by_hand=True)) is None:
        if time.monotonic() > end:
            raise Conflict(f"Another process is carrying out {job.name}.", "Wait until it is done: `textarchive jobs`.")
        time.sleep(0.1)
    return carry_out(archive, job, lease)


def carry_out(archive: Archive, job: Job, lease: Lease) -> Result:
    """Under the lease, which is given back with what came of it."""
    with kept(archive.transactions, lease):
        try:
            result = Result.of(job.run(archive.guarded(fence(lease))))
        except LeaseLost:
            raise
        except Exception as problem:
            _give_back(archive, lease, Result.failed(problem))
            raise
    _give_back(archive, lease, result)
    return result


def known_state(archive: Archive, job: Job) -> JobState:
    """From the database; a job that nobody has made known yet is made known."""
    with archive.transactions.glance() as session:
        state = store.state_of(session, job.name)
    if state and state.duty == job.duty:
        return state
    with archive.transactions.across() as session:
        store.register(session, [job.duty], archive.clock())
        state = store.state_of(session, job.name)
    assert state is not None
    return state


def _take(archive: Archive, job: Job, *, by_hand: bool) -> Lease | None:
    with archive.transactions.across() as session:
        return take(session, job.name, _myself(), archive.clock(), by_hand=by_hand)


def _give_back(archive: Archive, lease: Lease, result: Result) -> None:
    with archive.transactions.across() as session:
        give_back(session, lease, result, archive.clock())


def _myself() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
