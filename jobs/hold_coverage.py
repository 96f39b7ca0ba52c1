"""Looks anew at what every hold covers, puts under it what is missing, and writes down how many that were."""

from archive.access.organisations import OrganisationRow
from archive.holds.proving import prove_coverage
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    def prove(organisation: OrganisationRow) -> Counts:
        proven = prove_coverage(archive.transactions, organisation.id, archive.index.position(organisation.id))
        return {
            "holds_proven": len(proven),
            "texts_held": sum(one.held for one in proven),
            "texts_added": sum(one.added for one in proven),
        }

    return for_each_organisation(archive, prove)


JOB = Job("hold-coverage", 86_400, "Compare every hold with every text, so that nothing is missed.", run)
