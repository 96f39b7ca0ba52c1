"""Reads on in the lists of those accounts that are due."""

import time
from collections import Counter

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import Conflict
from archive.pulling.model import Brought, Ended
from archive.pulling.running import Puller
from archive.pulling.store import any_due, due
from archive.runs.model import Counts, LeaseLost
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.spec import Job

ACTOR = Actor("job", "pull")
A_TURN = 60.0
"""Seconds after which no further page is asked for but the first of each account. What is not finished then goes on at
the next due time, after those that have waited for longer."""


def run(archive: Archive) -> Counts:
    """What goes wrong with one account is told where its list is shown, and keeps no other waiting."""

    end = time.monotonic() + A_TURN

    def read_on(organisation: OrganisationRow) -> Counts:
        with archive.transactions.read(organisation.id, ACTOR) as tx:
            accounts = due(tx, tx.now)
        done: Counter[str] = Counter()
        for provider, account in accounts:
            done.update(_read_one(archive, organisation, provider, account, end))
        return done

    return for_each_organisation(archive, read_on)


def _read_one(archive: Archive, organisation: OrganisationRow, provider: str, account: str, end: float) -> Counts:
    def enough(brought: Brought) -> bool:
        return brought.pages > 0 and time.monotonic() > end

    try:
        ended = Puller(archive, organisation.id, ACTOR, enough=enough).run(provider, account)
    except LeaseLost:
        raise
    except Conflict:
        return {}  # Somebody is at it; they do the same work.
    new = ended.brought.new + ended.brought.reports
    return {"lists_read": 1, "texts_and_reports_fetched": new, "lists_failed": int(ended.ended is Ended.FAILED)}


def has_work(archive: Archive) -> bool:
    with archive.transactions.glance() as session:
        return any_due(session, archive.clock())


# Twice the time of a turn: a server that hangs is waited for, and the job is not late for that.
JOB = Job("pull", 120, "Fetch what webhooks have missed from the lists of providers.", run, has_work=has_work)
