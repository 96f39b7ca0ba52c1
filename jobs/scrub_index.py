"""Reads every byte of the search index, and makes those months again that can't be trusted."""

from archive.access.organisations import list_organisations
from archive.search.index import IndexBusy
from archive.search.scrubbing import scrub
from archive.wiring import Archive
from jobs.spec import Job


def run(archive: Archive) -> str:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    faults = left = 0
    for row in organisations:
        try:
            faults += len(scrub(archive.transactions, archive.index, row.id))
        except IndexBusy:
            left += 1
    busy = f", {left} indexes were busy" if left else ""
    return f"{len(organisations) - left} indexes looked through, {faults} faults mended{busy}"


JOB = Job("scrub-index", 86_400, "Look through the search index, and mend what is damaged.", run)
