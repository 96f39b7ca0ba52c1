"""The scheduler: APScheduler looks at each job in its time; whether it is carried out here, the lease decides."""

import logging
import os
import signal
from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from archive.core.faults import path_of
from archive.runs import store
from archive.wiring import Archive
from jobs.schedule import JOBS
from jobs.spec import Job
from jobs.turn import look

STOP = {signal.SIGTERM, signal.SIGINT}
PARENT_SECONDS = 1.0

LOOK_SECONDS = 5
"""A job of a longer period is looked at this often, so that one that failed or was lost is taken up soon."""

log = logging.getLogger(__name__)


def run_scheduler(archive: Archive, parent: int | None) -> None:
    """Blocks until the process is told to stop, or until `parent` is no longer its parent.

    A parent that was killed can't say so; and signals are waited for rather than handled, since a handler that runs in
    the middle of the scheduler's own waiting can leave it waiting for ever.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    _make_known(archive)
    scheduler = _scheduler(archive)
    scheduler.start()
    while parent is None or os.getppid() == parent:
        if signal.sigtimedwait(STOP, PARENT_SECONDS):
            break
    scheduler.shutdown(wait=True)


def _make_known(archive: Archive) -> None:
    with archive.transactions.across() as session:
        store.register(session, [job.duty for job in JOBS], archive.clock())
        store.forget_others(session, [job.name for job in JOBS])


def _scheduler(archive: Archive) -> BackgroundScheduler:
    # A job that takes longer than its interval is not run twice at once, and that is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(len(JOBS))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in JOBS:
        seconds = min(job.every_seconds, LOOK_SECONDS)
        scheduler.add_job(_guarded(job, archive), "interval", seconds=seconds, id=job.name)
    return scheduler


def _guarded(job: Job, archive: Archive) -> Callable[[], None]:
    """A look that fails, since the database can't be reached, is logged; the next one comes."""

    def run() -> None:
        try:
            look(archive, job)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the others go on.
            log.error("Nobody could look at %s: %s at %s", job.name, type(problem).__name__, path_of(problem))

    return run
