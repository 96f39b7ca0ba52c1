"""Reads every byte of the search index, and makes those months again that can't be trusted."""

from archive.access.organisations import OrganisationRow
from archive.runs.model import Counts
from archive.search.index import IndexBusy
from archive.search.scrubbing import scrub
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    def look_through(organisation: OrganisationRow) -> Counts:
        try:
            faults = scrub(archive.transactions, archive.index, organisation.id)
        except IndexBusy:
            return {"indexes_busy": 1}
        return {"indexes_looked_through": 1, "faults_mended": len(faults)}

    return for_each_organisation(archive, look_through)


JOB = Job("scrub-index", 86_400, "Look through the search index, and mend what is damaged.", run)
