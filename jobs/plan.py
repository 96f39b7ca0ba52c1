"""Plans what is due within a week, so that it can be seen for as long."""

from archive.access.organisations import OrganisationRow
from archive.retention.planning import plan_batches
from archive.retention.purge import look_at_clocks
from archive.runs.model import Counts
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    """Fails, and plans nothing, while the clocks are in doubt."""
    look_at_clocks(archive).demand()

    def plan(organisation: OrganisationRow) -> Counts:
        made = plan_batches(archive.transactions, organisation.id)
        return {"batches_planned": len(made), "texts_planned": sum(batch.texts for batch in made)}

    return for_each_organisation(archive, plan)


# Each hour, and not once a day: a day that was missed would cost a plan a day of its week.
JOB = Job("plan", 3_600, "Plan what is due within a week.", run)
