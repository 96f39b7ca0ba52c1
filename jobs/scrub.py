"""Looks at a sample of the records and of the vault."""

import random

from archive.access.organisations import OrganisationRow
from archive.runs.model import Counts
from archive.scrubbing import scrub
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    chance = random.SystemRandom()

    def look(organisation: OrganisationRow) -> Counts:
        done = scrub(archive.transactions, archive.vault, organisation, chance)
        return {"entries_looked_at": done.entries, "objects_looked_at": done.objects, "faults_found": done.faults}

    return for_each_organisation(archive, look)


JOB = Job("scrub", 86_400, "Look at a sample of the records and of the vault.", run, at_seconds=7_200)
