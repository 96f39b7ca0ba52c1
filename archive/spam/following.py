"""Follows the registry's events: each `MNO_COMPLAINT` becomes a report about its campaign, once."""

from datetime import timedelta
from typing import Final

from archive.campaigns.campaign_fields import CARRIERS
from archive.campaigns.hearing import said
from archive.campaigns.store import RegistryEventRow
from archive.core.actor import Actor
from archive.spam import store
from archive.spam.complaints import OperatorComplaint, take_complaint
from archive.tx import Transactions, Tx

FOLLOWER: Final = Actor("job", "spam-reports")
AT_ONCE: Final = 200
LOOKED_BACK: Final = timedelta(days=30)
"""Older ones were followed, and what became of them may be destroyed by now."""


def follow_registry(transactions: Transactions, org_id: int) -> int:
    """How many complaints were taken in."""
    with transactions.read(org_id, FOLLOWER) as tx:
        waiting = bool(store.complaints_waiting(tx, tx.now - LOOKED_BACK, 1))
    if not waiting:
        return 0
    with transactions.write(org_id, FOLLOWER) as tx:
        rows = store.complaints_waiting(tx, tx.now - LOOKED_BACK, AT_ONCE)
        return sum(take_complaint(tx, _complaint(tx, row)).new for row in rows)


def _complaint(tx: Tx, row: RegistryEventRow) -> OperatorComplaint:
    told = said(tx, row)
    if isinstance(told.get("payload"), dict):  # A provider passes the registry's message on inside one of its own.
        told = told["payload"]
    operator = str(told.get("mnoName") or CARRIERS.get(row.carrier) or row.carrier)
    return OperatorComplaint(
        campaign=row.campaign or row.reference or "unknown",
        reference=f"registry:{row.entry}",
        operator=operator,
        words=str(told.get("description") or ""),
        received_at=row.received_at,
        origin_entry=row.entry,
    )
