"""Puts what is new into the vault."""

from datetime import timedelta

from archive.access.organisations import OrganisationRow
from archive.runs.model import Counts
from archive.safekeeping import keep_up
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job


def run(archive: Archive) -> Counts:
    delay = timedelta(seconds=archive.settings.vault_delay_seconds)

    def follow(organisation: OrganisationRow) -> Counts:
        put = keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation, delay)
        return {"objects_put": put}

    return for_each_organisation(archive, follow)


JOB = Job("segments", 60, "Put what is new into the vault, and the keys beside it.", run)
