"""Sees to letters whose time is over: their numbers are withdrawn, and in the end they are destroyed."""

from archive.access.organisations import OrganisationRow
from archive.letters.watching import watch
from archive.retention.purge import look_at_clocks
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    """Fails, and does nothing, while the clocks are in doubt."""
    look_at_clocks(archive).demand()

    def see_to(organisation: OrganisationRow) -> Counts:
        done = watch(archive.transactions, organisation.id)
        return {"numbers_withdrawn": done.withdrawn, "letters_destroyed": done.destroyed}

    return for_each_organisation(archive, see_to)


JOB = Job("letters", 3_600, "End and destroy Letters of Authorization when their time has come.", run)
