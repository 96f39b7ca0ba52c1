"""Puts what is new into the vault."""

from datetime import timedelta

from archive.access.organisations import list_organisations
from archive.core.errors import ArchiveError
from archive.safekeeping import keep_up
from archive.wiring import Archive
from jobs.spec import Job


def run(archive: Archive) -> str:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    delay = timedelta(seconds=archive.settings.vault_delay_seconds)
    put, problems = 0, []
    for row in organisations:
        try:
            put += keep_up(archive.transactions, archive.vault, archive.keys_backup, row, delay)
        except ArchiveError as problem:
            problems.append(problem)  # The others' texts still go into the vault.
    if problems:
        raise problems[0]
    return f"{put} objects put"


JOB = Job("segments", 60, "Put what is new into the vault, and the keys beside it.", run)
