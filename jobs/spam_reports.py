"""Sorts what the public page for spam reports was given, takes in what the registry tells of complaints, and looks for
the texts that new reports are about.
"""

from archive.access.organisations import OrganisationRow
from archive.runs.model import Counts
from archive.spam.finding import compare_new
from archive.spam.following import LOOKED_BACK, follow_registry
from archive.spam.inbox import Inbox
from archive.spam.sorting import has_work as inbox_has_work
from archive.spam.sorting import sort_inbox
from archive.spam.store import any_complaint_waiting, any_not_compared
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    def look(organisation: OrganisationRow) -> Counts:
        return {
            "complaints_followed": follow_registry(archive.transactions, organisation.id),
            "reports_compared": compare_new(archive.transactions, organisation.id),
        }

    sorted_out = sort_inbox(archive.transactions, Inbox(archive.transactions, archive.keyring))
    return {**sorted_out, **for_each_organisation(archive, look)}


def has_work(archive: Archive) -> bool:
    with archive.transactions.glance() as session:
        waiting = any_complaint_waiting(session, archive.clock() - LOOKED_BACK)
        return waiting or inbox_has_work(session) or any_not_compared(session)


JOB = Job("spam-reports", 10, "Sort new spam reports, and look for the texts they are about.", run, has_work=has_work)
