"""Archives long texts whose missing pieces have been waited for long enough."""

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.intake.parts.joining import AT_ONCE, end_waiting
from archive.intake.parts.model import REMEMBERED, WAITS
from archive.intake.parts.store import any_over
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job

ACTOR = Actor("job", "parts")


def run(archive: Archive) -> Counts:
    def look(organisation: OrganisationRow) -> Counts:
        texts, last = 0, AT_ONCE
        while last == AT_ONCE:
            with archive.transactions.write(organisation.id, ACTOR) as tx:
                last = end_waiting(tx)
            texts += last
        return {"incomplete_texts": texts} if texts else {}

    return for_each_organisation(archive, look)


def has_work(archive: Archive) -> bool:
    now = archive.clock()
    with archive.transactions.glance() as session:
        return any_over(session, now - WAITS, now - REMEMBERED)


JOB = Job("parts", 600, "Archive long texts whose missing pieces never came.", run, has_work=has_work)
