"""Looks at the clocks, and remembers the moment when they agree."""

from archive.runs.actions import watch_clocks
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    """Fails when they disagree or have jumped, so that it is seen; the purge asks for itself."""
    watch_clocks(archive.transactions)
    return {}


JOB = Job("clock", 300, "Compare the clocks, and notice one that was put forward or back.", run)
