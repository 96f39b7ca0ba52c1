"""After a re-dating: moves what goes sooner to the batch of its new day, if that was broken off."""

from archive.access.organisations import list_organisations
from archive.retention.finding import bring_forward
from archive.wiring import Archive
from jobs.spec import Job


def run(archive: Archive) -> str:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    moved = sum(bring_forward(archive.transactions, row.id) for row in organisations)
    return f"{moved} texts brought forward"


JOB = Job("due-days", 86_400, "Tell the purge what a re-dated policy lets go sooner.", run)
