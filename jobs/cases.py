"""Reminds of support cases that are late, and puts numbers where their campaigns have them."""

from archive.access.organisations import OrganisationRow
from archive.campaigns.assigning import settle_all
from archive.campaigns.cases.actions import any_to_remind, remind
from archive.core.actor import Actor
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job

ACTOR = Actor("job", "cases")


def run(archive: Archive) -> Counts:
    def look(organisation: OrganisationRow) -> Counts:
        with archive.transactions.read(organisation.id, ACTOR) as tx:
            idle = not any_to_remind(tx) and not settle_all(tx)
        if idle:
            return {}
        with archive.transactions.write(organisation.id, ACTOR) as tx:
            return {"cases_reminded": remind(tx), "campaigns_settled": settle_all(tx)}

    return for_each_organisation(archive, look)


JOB = Job("cases", 3_600, "Remind of support cases that are late, and look after the numbers of campaigns.", run)
