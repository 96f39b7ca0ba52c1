"""Sorts what the public page was given: each report to the organisation whose number it is about.

Here, and nowhere else, a report crosses from nobody to an organisation. What is about a number of none is dropped and
counted: there is no key to seal it under, and nobody who might read it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.numbers.model import NumberState
from archive.numbers.store import Owner, owners_of
from archive.spam import inbox
from archive.spam.inbox import UNKNOWN_NUMBER, Filed, Inbox, SpamInboxRow
from archive.spam.model import Claim, NewReport, Said, Source
from archive.spam.recording import take_report
from archive.tx import Transactions

AT_ONCE = 100
SORTER = Actor("job", "spam-reports")

Opened = tuple[SpamInboxRow, Filed]


def sort_inbox(transactions: Transactions, box: Inbox) -> Counter[str]:
    """How many reports were taken, and how many dropped. Raises `Damaged` at the end if some can't be opened."""
    done: Counter[str] = Counter()
    unreadable: list[Damaged] = []
    after = ""
    while True:
        with transactions.glance() as session:
            rows = inbox.waiting(session, after, AT_ONCE)
        if not rows:
            break
        after = rows[-1].id
        done += _sort(transactions, _opened(box, rows, unreadable))
    if unreadable:
        raise unreadable[0]
    return done


def has_work(session: Session) -> bool:
    return bool(inbox.count_waiting(session, 1))


def owner_of(owners: Sequence[Owner], at: datetime) -> int | None:
    """The organisation that has the number; where it was released since, the last to have had it at that time."""
    living = [owner for owner in owners if owner.state is not NumberState.RELEASED]
    gone = [owner for owner in owners if owner.state is NumberState.RELEASED]
    having = living or sorted((owner for owner in gone if owner.since >= at), key=lambda owner: owner.since) or gone
    return having[0].org_id if having else None


def _opened(box: Inbox, rows: Sequence[SpamInboxRow], unreadable: list[Damaged]) -> list[Opened]:
    found: list[Opened] = []
    for row in rows:
        try:
            found.append((row, box.opened(row)))
        except Damaged as problem:
            unreadable.append(problem)
    return found


def _sort(transactions: Transactions, reports: Sequence[Opened]) -> Counter[str]:
    done: Counter[str] = Counter()
    groups: defaultdict[int | None, list[Opened]] = defaultdict(list)
    with transactions.glance() as session:
        for row, filed in reports:
            groups[owner_of(owners_of(session, filed.own_number), filed.until or row.came_at)].append((row, filed))
    for org_id, group in groups.items():
        if org_id is None:
            done["reports_dropped"] += _drop(transactions, group)
        else:
            done["reports_taken"] += _take(transactions, org_id, group)
    return done


def _drop(transactions: Transactions, group: Sequence[Opened]) -> int:
    with transactions.across() as session:
        gone = inbox.remove(session, [row.id for row, _ in group])
        for row, _ in group:
            if row.id in gone:
                inbox.drop(session, row.came_at, UNKNOWN_NUMBER)
    return len(gone)


def _take(transactions: Transactions, org_id: int, group: Sequence[Opened]) -> int:
    with transactions.write(org_id, SORTER) as tx:
        gone = inbox.remove(tx.session, [row.id for row, _ in group])
        new = [take_report(tx, _report(*one)).new for one in group if one[0].id in gone]
    return sum(new)


def _report(row: SpamInboxRow, filed: Filed) -> NewReport:
    said = Said(filed.reporter, filed.email, filed.words)
    claim = Claim(filed.since, filed.until) if filed.since and filed.until else None
    return NewReport(Source.PUBLIC, filed.own_number, said, claim, received_at=row.came_at)
