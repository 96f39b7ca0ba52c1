"""Destroys spam reports whose time is over."""

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.runs.model import Counts
from archive.spam.keeping import destroy_old
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job

ACTOR = Actor("job", "old-spam-reports")


def run(archive: Archive) -> Counts:
    def destroy(organisation: OrganisationRow) -> Counts:
        return {"reports_destroyed": destroy_old(archive.transactions, organisation.id, ACTOR)}

    return for_each_organisation(archive, destroy)


JOB = Job("old-spam-reports", 86_400, "Destroy spam reports whose time is over.", run, at_seconds=4 * 3_600)
