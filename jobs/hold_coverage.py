"""Looks anew at what every hold covers, puts under it what is missing, and writes down how many that were."""

from archive.access.organisations import list_organisations
from archive.holds.proving import prove_coverage
from archive.wiring import Archive
from jobs.spec import Job


def run(archive: Archive) -> str:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    said = []
    for row in organisations:
        proven = prove_coverage(archive.transactions, row.id, archive.index.position(row.id))
        said += [f"{one.hold_id}: {one}" for one in proven]
    return "; ".join(said) or "no holds"


JOB = Job("hold-coverage", 86_400, "Compare every hold with every text, so that nothing is missed.", run)
