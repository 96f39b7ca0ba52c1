"""Why is this text here, and when will it go? The purge's own decision, with the names that a person needs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from archive.core.errors import NotFound
from archive.holds.model import Hold
from archive.holds.reading import holds_covering
from archive.messages.store import MessageRow, records_by_serial
from archive.retention.decide import Verdict, decide
from archive.retention.policies import sound_policies
from archive.retention.records import dated_record
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Explanation:
    """`due_on`: the day whose purge batch looks at the text next; None while a hold keeps it beyond its time."""

    serial: int
    verdict: Verdict
    holds: list[Hold]
    due_on: date | None


def explain(tx: Tx, serial: int) -> Explanation:
    """Raises `NotFound`, and `Damaged` when a policy or a hold is not what the ledger says."""
    found = records_by_serial(tx, [serial])
    if not found:
        raise NotFound(f"There is no message {serial}.", "Search for it; a purged one is named in its certificate.")
    holds = holds_covering(tx, serial)
    verdict = decide(dated_record(found[0]), sound_policies(tx), [hold.id for hold in holds], tx.now)
    due_on = tx.session.scalar(select(MessageRow.due_on).where(MessageRow.seq == serial))
    return Explanation(serial, verdict, holds, due_on)
