"""Carries out the purge batches that have begun or whose day is over."""

from archive.access.organisations import OrganisationRow
from archive.retention.purge import look_at_clocks, run_due
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    """What waits for a person is none of a failure; what could not be finished is, and is tried again."""
    clocks = look_at_clocks(archive)

    def purge(organisation: OrganisationRow) -> Counts:
        ran = run_due(archive, organisation, clocks)
        for problem in ran.unfinished.values():
            raise problem
        return {
            "batches_certified": len(ran.certified),
            "texts_destroyed": sum(len(batch.destroyed) for batch in ran.certified),
        }

    return for_each_organisation(archive, purge)


JOB = Job("purge", 300, "Destroy what has had its time, and certify it.", run)
