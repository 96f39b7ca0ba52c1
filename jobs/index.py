"""Brings the search index up to the ledger."""

from archive.access.organisations import OrganisationRow
from archive.runs.model import Counts
from archive.search.follower import catch_up
from archive.search.follower import has_work as index_has_work
from archive.search.index import IndexBusy
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    def follow(organisation: OrganisationRow) -> Counts:
        try:
            return {"texts_indexed": catch_up(archive.transactions, archive.index, organisation.id)}
        except IndexBusy:
            return {}  # Somebody is at it; they do the same work.

    return for_each_organisation(archive, follow)


def has_work(archive: Archive) -> bool:
    with archive.transactions.glance() as session:
        return index_has_work(session, archive.index)


JOB = Job("index", 1, "Add what is new to the search index.", run, has_work=has_work)
