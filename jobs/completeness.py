"""Compares what providers say they carried with what is stored and indexed, and puts gaps on record."""

from archive.access.organisations import OrganisationRow
from archive.completeness.looking import look
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    def look_for_gaps(organisation: OrganisationRow) -> Counts:
        looked = look(archive.transactions, archive.index, organisation.id)
        return {"texts_counted": looked.counted, "gaps_opened": looked.opened, "gaps_closed": looked.closed}

    return for_each_organisation(archive, look_for_gaps)


JOB = Job("completeness", 3_600, "Compare what must have come with what is here.", run)
