"""The scheduler: APScheduler calls each job in its time and never twice at once."""

import logging
import os
import signal
from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from archive.wiring import Archive
from jobs.schedule import JOBS
from jobs.spec import Job

log = logging.getLogger(__name__)


def run_scheduler(archive: Archive, parent: int | None) -> None:
    """Blocks until the process is told to stop, or until `parent` is no longer its parent."""
    # A job that takes longer than its interval is not run twice at once, and that is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BlockingScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(len(JOBS) + 1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in JOBS:
        scheduler.add_job(_guarded(job, archive), "interval", seconds=job.every_seconds, id=job.name)

    def stop(*_: object) -> None:
        scheduler.shutdown(wait=False)

    def stop_without_parent() -> None:
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    if parent is not None:
        scheduler.add_job(stop_without_parent, "interval", seconds=1, id="parent")
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler.start()


def _guarded(job: Job, archive: Archive) -> Callable[[], None]:
    """A job that fails is logged and tried again at its next time; the others go on."""

    def run() -> None:
        try:
            job.run(archive)
        except Exception:
            log.exception("The job %s failed; it is tried again in %d s.", job.name, job.every_seconds)

    return run
