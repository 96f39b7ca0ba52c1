"""Opening a report to read it: written into the ledger before it is shown."""

from archive.core.actor import Actor
from archive.group_commit import GroupCommit
from archive.spam.events import SpamViewed
from archive.spam.reading import Report, read_report
from archive.tx import Transactions


def view_report(transactions: Transactions, group: GroupCommit, org_id: int, actor: Actor, report_id: str) -> Report:
    """Raises `NotFound`."""
    with transactions.read(org_id, actor) as tx:
        report = read_report(tx, report_id)
    group.record(org_id, actor, SpamViewed(subject=report_id))
    return report
