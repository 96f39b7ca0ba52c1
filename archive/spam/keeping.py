"""For how long reports are kept: a policy of their own, which only ever keeps longer; and destroying them after that.

Four years at the least, since so long somebody may sue because of a text (28 USC 1658). Reports hold texts and numbers
of people, so they go then: all of one month together, with its key. A month in which a report is open, or about a text
under a hold, stays.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from archive.core.actor import Actor
from archive.core.errors import BadInput, Conflict
from archive.holds.store import holds_over
from archive.keys.keyring import REPORTS_KEY, purposes
from archive.ledger.entry import Event
from archive.spam import store
from archive.spam.model import State
from archive.spam.store import SpamPolicyRow, SpamReportRow
from archive.tx import Transactions, Tx

LEAST_YEARS: Final = 4
MOST_YEARS: Final = 100
_DECEMBER: Final = 12


class SpamPolicySet(Event, frozen=True, kw_only=True):
    kind = "spam.policy-set"
    keep_years: int


class SpamDestroyed(Event, frozen=True, kw_only=True):
    """Of one month, all. `digest`: SHA-256 over their ids in order, each with a line end."""

    kind = "spam.destroyed"
    month: str
    count: int
    digest: str


def keep_years(tx: Tx) -> int:
    row = store.policy_row(tx)
    return max(row.keep_years, LEAST_YEARS) if row else LEAST_YEARS


def set_keep_years(tx: Tx, years: int) -> None:
    """Raises `Conflict` for fewer than now."""
    before = keep_years(tx)
    if not LEAST_YEARS <= years <= MOST_YEARS:
        raise BadInput(f"Spam reports are kept {LEAST_YEARS} to {MOST_YEARS} years.", "Choose a number of years.")
    if years < before:
        raise Conflict(f"Spam reports are kept for {before} years, and that can't be made less.", "Choose more.")
    if years != before:
        entry = tx.record(SpamPolicySet(keep_years=years))
        row = store.policy_row(tx) or SpamPolicyRow(org_id=tx.org_id)
        row.keep_years, row.set_at, row.entry = years, tx.now, entry
        tx.session.add(row)


def destroy_old(transactions: Transactions, org_id: int, actor: Actor) -> int:
    """How many reports were destroyed. What can't be read any more is removed with the rest."""
    with transactions.read(org_id, actor) as tx:
        due = _due(tx)
    return sum(_destroy(transactions, org_id, actor, key_id) for key_id in due)


def _due(tx: Tx) -> list[int]:
    """Keys of months whose time is over, the oldest first."""
    years = keep_years(tx)
    months = {key: one.period for key, one in purposes(tx.session, tx.org_id).items() if one.name == REPORTS_KEY}
    over = [key for key, month in months.items() if _over_at(month, years) <= tx.now]
    held = set(store.keys_in_use(tx))
    return sorted((key for key in over if key in held), key=lambda key: months[key])


def _over_at(month: str, years: int) -> datetime:
    """The end of the month, so many years later."""
    year, number = map(int, month.split("-"))
    year, number = (year + 1, 1) if number == _DECEMBER else (year, number + 1)
    return datetime(year + years, number, 1, tzinfo=UTC)


def _destroy(transactions: Transactions, org_id: int, actor: Actor, key_id: int) -> int:
    with transactions.write(org_id, actor) as tx:
        rows = store.reports_under(tx, key_id)
        if not rows or _needed(tx, rows):
            return 0
        month = f"{rows[0].received_at:%Y-%m}"
        ids = sorted(row.id for row in rows)
        digest = hashlib.sha256("".join(f"{one}\n" for one in ids).encode()).hexdigest()
        store.delete_reports(tx, ids)
        if tx.keyring.by_id(tx.session, tx.org_id, key_id):
            tx.destroy_key(key_id)
        tx.record(SpamDestroyed(month=month, count=len(ids), digest=digest))
    transactions.keyring.forget(key_id)
    return len(ids)


def _needed(tx: Tx, rows: Sequence[SpamReportRow]) -> bool:
    serials = [row.serial for row in rows if row.serial is not None]
    return any(State(row.state).open for row in rows) or bool(holds_over(tx, serials))
