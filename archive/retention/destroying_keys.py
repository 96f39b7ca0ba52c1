"""The keys that go with a batch, each once nothing needs it any more: all copies of what it sealed go with it.

That of its day, and those of released holds. What still lies under one of them and stays (it was released and waits for
a later batch, or another hold keeps it) is sealed again first.
"""

from collections.abc import Sequence

from sqlalchemy import func, select

from archive.core.clock import day_of
from archive.core.errors import Damaged
from archive.holds.store import all_holds
from archive.intake.expiring import decide_items, items_sealed_by, move_item
from archive.keys.keyring import DataKeyRow, Purpose
from archive.retention.batch import Batch, State, Step
from archive.retention.batches import open_batches
from archive.retention.beginning import purpose_of_kept
from archive.retention.period import first_plannable
from archive.retention.policies import sound_policies
from archive.retention.purge_events import ItemsKept
from archive.retention.settling import Plan, serials_sealed_by, settle
from archive.tx import Tx

AT_ONCE = 5_000


def keys_to_go(tx: Tx, batch: Batch) -> Sequence[DataKeyRow]:
    released = [Purpose.held_by(hold.id).period for hold in all_holds(tx) if hold.released_at is not None]
    of_day = Purpose.records_expiring(batch.expires_on)
    of_hold = (DataKeyRow.purpose == Purpose.held_by("").name) & DataKeyRow.period.in_(released)
    this_day = (DataKeyRow.purpose == of_day.name) & (DataKeyRow.period == of_day.period)
    wanted = select(DataKeyRow).where(this_day | of_hold, DataKeyRow.destroyed_at.is_(None))
    return tx.session.scalars(wanted.order_by(DataKeyRow.purpose, DataKeyRow.period)).all()


def keys_by_id(tx: Tx, ids: Sequence[str]) -> Sequence[DataKeyRow]:
    wanted = select(DataKeyRow).where(DataKeyRow.id.in_(map(int, ids)))
    return tx.session.scalars(wanted.order_by(DataKeyRow.purpose, DataKeyRow.period)).all()


def clear(tx: Tx, batch: Batch, keys: Sequence[DataKeyRow]) -> list[int]:
    """Seal anew some of what still lies under these keys and stays; its serials, none when there is no more."""
    waiting = [other for other in open_batches(tx) if other.state is State.PLANNED and other.id != batch.id]
    plan = Plan((), {other.expires_on for other in waiting} - {batch.expires_on})
    moved: list[int] = []
    for key in keys:
        moved += settle(tx, serials_sealed_by(tx, key.id, AT_ONCE), plan).staying
        moved += _move_items(tx, key.id)
    return moved


def demand_unneeded(tx: Tx, key: DataKeyRow) -> None:
    """Raises `Damaged` while anything that stays is sealed under a key."""
    if serials_sealed_by(tx, key.id, 1) or items_sealed_by(tx, key.id, 1):
        raise Damaged(f"Something that stays is sealed under the key {key.id}.", "The key was not destroyed.")


def _move_items(tx: Tx, key_id: int) -> list[int]:
    items = items_sealed_by(tx, key_id, AT_ONCE)
    for seq, verdict in decide_items(tx, items, sound_policies(tx), tx.now):
        unplanned = Purpose.records_expiring(first_plannable(day_of(tx.now)))
        move_item(tx, seq, unplanned if verdict.may_go else purpose_of_kept(verdict))
    if items:
        tx.record(ItemsKept(count=len(items)))
    return [item.seq for item in items]


def keys_left(tx: Tx, batch: Batch) -> int:
    """How many keys live that should be gone: the one of the day, and those that the batch has destroyed."""
    of_day = Purpose.records_expiring(batch.expires_on)
    this_day = (DataKeyRow.purpose == of_day.name) & (DataKeyRow.period == of_day.period)
    destroyed = [int(key["id"]) for key in batch.steps.get(Step.KEYS, {}).get("keys", ())]
    living = select(func.count()).where(this_day | DataKeyRow.id.in_(destroyed), DataKeyRow.wrapped.is_not(None))
    return tx.session.scalar(living) or 0
