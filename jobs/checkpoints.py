"""Signs what the ledgers have grown by, and copies each checkpoint out of reach."""

from archive.access.organisations import OrganisationRow
from archive.ledger.standing import anything_unsigned
from archive.proving import sign_and_keep
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    def sign(organisation: OrganisationRow) -> Counts:
        return {"checkpoints_signed": int(sign_and_keep(archive.transactions, archive.vault, organisation))}

    return for_each_organisation(archive, sign)


def has_work(archive: Archive) -> bool:
    with archive.transactions.glance() as session:
        return anything_unsigned(session)


# A checkpoint is at most 60 s behind; three tries fit in that.
JOB = Job("checkpoints", 20, "Build the trees, sign them, keep copies in the vault.", run, has_work=has_work)
