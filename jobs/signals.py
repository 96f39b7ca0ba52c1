"""Follows what is said of texts, and opens alerts."""

from archive.access.organisations import OrganisationRow
from archive.runs.model import Counts
from archive.signals.store import any_unwatched
from archive.signals.watching import watch
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    def look(organisation: OrganisationRow) -> Counts:
        new = watch(archive.transactions, organisation.id)
        return {"signals_new": new} if new else {}

    return for_each_organisation(archive, look)


def has_work(archive: Archive) -> bool:
    with archive.transactions.glance() as session:
        return any_unwatched(session)


JOB = Job("signals", 10, "Look at what is newly said of texts, and open alerts.", run, has_work=has_work)
