"""After a re-dating: moves what goes sooner to the batch of its new day, if that was broken off."""

from archive.access.organisations import OrganisationRow
from archive.retention.finding import bring_forward
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    def move(organisation: OrganisationRow) -> Counts:
        return {"texts_brought_forward": bring_forward(archive.transactions, organisation.id)}

    return for_each_organisation(archive, move)


JOB = Job("due-days", 86_400, "Tell the purge what a re-dated policy lets go sooner.", run)
