"""Brings the search index up to the ledger."""

from archive.access.organisations import list_organisations
from archive.search.follower import catch_up
from archive.search.index import IndexBusy
from archive.wiring import Archive
from jobs.spec import Job


def run(archive: Archive) -> str:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    added = 0
    for row in organisations:
        try:
            added += catch_up(archive.transactions, archive.index, row.id)
        except IndexBusy:
            continue  # Another process is at it; it does the same work.
    return f"{added} texts indexed"


JOB = Job("index", 1, "Add what is new to the search index.", run)
