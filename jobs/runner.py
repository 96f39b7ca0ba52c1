"""The scheduler: APScheduler calls each job in its time and never twice at once."""

import logging
import os
import signal
from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from archive.wiring import Archive
from jobs.schedule import JOBS
from jobs.spec import Job

STOP = {signal.SIGTERM, signal.SIGINT}
LOOK_SECONDS = 1.0

log = logging.getLogger(__name__)


def run_scheduler(archive: Archive, parent: int | None) -> None:
    """Blocks until the process is told to stop, or until `parent` is no longer its parent.

    A parent that was killed can't say so; and signals are waited for rather than handled, since a handler that runs in
    the middle of the scheduler's own waiting can leave it waiting for ever.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    scheduler = _scheduler(archive)
    scheduler.start()
    while parent is None or os.getppid() == parent:
        if signal.sigtimedwait(STOP, LOOK_SECONDS):
            break
    scheduler.shutdown(wait=True)


def _scheduler(archive: Archive) -> BackgroundScheduler:
    # A job that takes longer than its interval is not run twice at once, and that is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(len(JOBS))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in JOBS:
        scheduler.add_job(_guarded(job, archive), "interval", seconds=job.every_seconds, id=job.name)
    return scheduler


def _guarded(job: Job, archive: Archive) -> Callable[[], None]:
    """A job that fails is logged and tried again at its next time; the others go on."""

    def run() -> None:
        try:
            job.run(archive)
        except Exception:
            log.exception("The job %s failed; it is tried again in %d s.", job.name, job.every_seconds)

    return run
