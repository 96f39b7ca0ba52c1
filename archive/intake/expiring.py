"""Quarantined items whose time is over: which of them a hold keeps, and the statements that move or remove them.

Nobody could read an open item, so nobody can tell whether a hold covers it: it counts as covered, as a text does that
can't be opened. One that was retried and became a text stays as long as a hold keeps that text.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from archive.core.errors import Damaged
from archive.holds.store import holds_in_force, holds_over
from archive.intake.quarantine import NOT_SHREDDING, QuarantineRow
from archive.keys.keyring import Purpose
from archive.ledger.entry import place
from archive.retention.decide import Dated, Verdict, decide
from archive.retention.model import Policy
from archive.tx import Tx

AT_ONCE = 5_000
_UNDATED_BY_ANY = 0
_FACTS = (QuarantineRow.seq, QuarantineRow.received_at, QuarantineRow.expires_at, QuarantineRow.resolved_as)

Decided = list[tuple[int, Verdict]]
"""(sequence number of an item, what the one decision says of it)."""


def items_over(tx: Tx, before: datetime) -> Sequence[Any]:
    """Items whose written date lies before a moment, as `decide_items` takes them."""
    wanted = select(*_FACTS).where(QuarantineRow.expires_at < before, NOT_SHREDDING)
    return tx.session.execute(wanted.order_by(QuarantineRow.seq)).all()


def items_sealed_by(tx: Tx, key_id: int, limit: int | None = None) -> Sequence[Any]:
    """Items that need a key and are not being destroyed."""
    wanted = select(*_FACTS).where(QuarantineRow.key_id == key_id, NOT_SHREDDING)
    return tx.session.execute(wanted.order_by(QuarantineRow.seq).limit(limit)).all()


def decide_items(tx: Tx, items: Sequence[Any], policies: Sequence[Policy], now: datetime) -> Decided:
    """The purge's one decision, for each."""
    over_texts = holds_over(tx, [item.resolved_as for item in items if item.resolved_as is not None])
    in_force = sorted(holds_in_force(tx), key=_by_entry)
    decided: Decided = []
    for item in items:
        if item.resolved_as is not None:
            holds = over_texts.get(item.resolved_as, [])
        else:
            holds = [hold.id for hold in in_force if hold.standing or item.received_at < hold.placed_at]
        decided.append((item.seq, decide(_dated(item), policies, holds, now)))
    return decided


def move_item(tx: Tx, seq: int, purpose: Purpose) -> None:
    """The same bytes and salt under another key; the commitment stays what it was."""
    row = tx.session.scalars(select(QuarantineRow).where(QuarantineRow.seq == seq)).one()
    old, new = tx.keyring.by_id(tx.session, tx.org_id, row.key_id), tx.key(purpose)
    if old is None:
        raise Damaged(f"The key of quarantined item {seq} is destroyed, but the item is still here.")
    spot = place(tx.org_id, seq)
    row.sealed, row.key_id = new.seal(old.open(row.sealed, spot), spot), new.id


def mark_items(tx: Tx, seqs: Sequence[int], entry: int) -> int:
    """Nobody reads them from here on; how many that are."""
    marked = 0
    for start in range(0, len(seqs), AT_ONCE):
        some = QuarantineRow.seq.in_(seqs[start : start + AT_ONCE])
        marked += _change(tx, update(QuarantineRow).where(some, NOT_SHREDDING).values(shredding=entry))
    return marked


def keys_of_items(tx: Tx, entry: int) -> dict[int, int]:
    """key → how many of the items that were marked by that entry are sealed under it."""
    wanted = select(QuarantineRow.key_id, func.count()).where(QuarantineRow.shredding == entry)
    return {row[0]: row[1] for row in tx.session.execute(wanted.group_by(QuarantineRow.key_id))}


def remove_items(tx: Tx, entry: int) -> None:
    """What was marked by that entry."""
    _change(tx, delete(QuarantineRow).where(QuarantineRow.shredding == entry))


def count_items(tx: Tx, entry: int) -> int:
    """How many are left that were marked by that entry."""
    return tx.session.scalar(select(func.count()).where(QuarantineRow.shredding == entry)) or 0


def living_items(tx: Tx, seqs: Sequence[int]) -> list[int]:
    """Those of `seqs` that are items, are here and are not being destroyed."""
    found: list[int] = []
    for start in range(0, len(seqs), AT_ONCE):
        some = QuarantineRow.seq.in_(seqs[start : start + AT_ONCE])
        found += tx.session.scalars(select(QuarantineRow.seq).where(some, NOT_SHREDDING))
    return found


def _dated(item: Any) -> Dated:
    """Nobody knows of which number or campaign it is: the organisation's own policies apply."""
    return Dated(item.seq, "", None, _UNDATED_BY_ANY, item.received_at, None, item.expires_at)


def _change(tx: Tx, statement: Any) -> int:
    tx.session.flush()
    done: Any = tx.session.execute(statement, execution_options={"synchronize_session": False})
    count: int = done.rowcount
    return count


def _by_entry(hold: Any) -> int:
    entry: int = hold.entry
    return entry
