"""The point of no return: under the lock that placing a hold takes as well, what may go is marked, and all else is not.

Everything is looked at anew. The plan says what may be taken at most; holds, dates and policies say what may be taken
now. Whatever stays is sealed again under a key that outlives the batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive.core.clock import day_of
from archive.core.errors import Damaged
from archive.holds.checking import hold_faults
from archive.holds.events import digest_of
from archive.intake.expiring import decide_items, items_over, keys_of_items, mark_items, move_item
from archive.keys.keyring import Purpose
from archive.retention import breakers, shredding
from archive.retention.batch import WEEK, Batch, State
from archive.retention.batches import note_begun, note_staying, note_trips, read_batch
from archive.retention.breakers import Breaker, Trip, tripped
from archive.retention.decide import Verdict
from archive.retention.planning import newest_policy
from archive.retention.policies import sound_policies
from archive.retention.purge_events import PurgeBegun, PurgeHeldUp, subject_of
from archive.retention.settling import Plan, Settled, serials_due, settle
from archive.retention.switch import demand_running
from archive.tx import Tx

NEEDLES = 64
"""The envelopes of so many texts are looked for in the raw files afterwards."""


@dataclass(frozen=True, slots=True)
class _Items:
    going: list[int]
    moved: list[int]
    unplanned: int

    @property
    def kept(self) -> int:
        return len(self.moved) + self.unplanned


def demand_sound_holds(tx: Tx) -> None:
    """Nothing is destroyed while the holds are not what the ledger says. Raises `Damaged`."""
    fault = next(hold_faults(tx), None)
    if fault:
        entry, what = fault
        raise Damaged(
            f"A hold is not what the ledger says in entry {entry}: {what}.",
            "Nothing is destroyed meanwhile. Run `textarchive verify`, and restore the table from a backup.",
        )


def begin(tx: Tx, batch_id: str, doubts: Sequence[str]) -> bool:
    """Whether the batch has begun, now or before. `doubts`: a sentence for each clock that is not to be relied upon."""
    demand_running(tx)
    batch = read_batch(tx, batch_id)
    if batch.state is not State.PLANNED:
        return True
    if _is_held_up(tx, batch, doubts):
        return False
    settled = settle(tx, serials_due(tx, batch.expires_on), Plan(frozenset(batch.serials)))
    items = _settle_items(tx, batch)
    destroyed = sorted([*settled.going, *items.going])
    entry = tx.record(_begun(batch, settled, items, destroyed))
    _mark(tx, batch.expires_on, settled.going, items.going, entry)
    keys = shredding.keys_of(tx, batch.expires_on, entry)
    for key_id, count in keys_of_items(tx, entry).items():
        keys[key_id] = keys.get(key_id, 0) + count
    kept = {
        **{name: len(getattr(settled, name)) for name in ("held", "longer", "later", "unplanned")},
        "items": items.kept,
    }
    sample = settled.going[:: max(1, len(settled.going) // NEEDLES)][:NEEDLES]
    note_staying(tx, batch_id, [*settled.staying, *items.moved])
    note_begun(tx, batch_id, entry, destroyed, len(items.going), kept, keys, shredding.envelopes(tx, sample))
    return True


def _is_held_up(tx: Tx, batch: Batch, doubts: Sequence[str]) -> bool:
    """Whether breakers stop it that nobody has allowed. What is new of them is written down."""
    changed = breakers.policy(batch.policy, newest_policy(sound_policies(tx)))
    lasting = [trip for trip in batch.trips if not trip.breaker.is_momentary]
    if changed:
        lasting = [trip for trip in lasting if trip.breaker is not Breaker.POLICY]
    trips = (*lasting, *tripped(changed, breakers.clocks(doubts), breakers.week(batch.planned_at, tx.now, WEEK)))
    stopping = [trip for trip in trips if trip is changed or not _is_allowed(tx, batch, trip)]
    outdated = changed is not None and _is_allowed(tx, batch, changed)
    if outdated or {trip.breaker for trip in trips} != {trip.breaker for trip in batch.trips}:
        note_trips(tx, batch.id, trips, [Breaker.POLICY] if changed else [])
        if stopping:
            tx.record(PurgeHeldUp(subject=subject_of(batch.id), trips=tuple(trip.breaker.value for trip in stopping)))
    return bool(stopping)


def _is_allowed(tx: Tx, batch: Batch, trip: Trip) -> bool:
    return batch.approval is not None and batch.approval.covers(trip, tx.now)


def _settle_items(tx: Tx, batch: Batch) -> _Items:
    """The same for the quarantine. What is not in the plan is left where it is, for the next one."""
    planned, over = frozenset(batch.serials), items_over(tx, batch.ends_at)
    items = [item for item in over if item.seq in planned]
    found = _Items([], [], len(over) - len(items))
    for seq, verdict in decide_items(tx, items, sound_policies(tx), tx.now):
        if verdict.may_go:
            found.going.append(seq)
        else:
            move_item(tx, seq, purpose_of_kept(verdict))
            found.moved.append(seq)
    return found


def purpose_of_kept(verdict: Verdict) -> Purpose:
    """Of a quarantined item that stays: the key of its hold, or of its later day."""
    return Purpose.held_by(verdict.holds[0]) if verdict.holds else Purpose.records_expiring(day_of(verdict.due_at))


def _begun(batch: Batch, settled: Settled, items: _Items, destroyed: list[int]) -> PurgeBegun:
    return PurgeBegun(
        subject=subject_of(batch.id),
        texts=len(settled.going),
        items=len(items.going),
        digest=digest_of(destroyed),
        approved_by=batch.approval.by if batch.approval else "nobody",
        held=len(settled.held),
        longer=len(settled.longer),
        later=len(settled.later),
        unplanned=len(settled.unplanned),
        items_kept=items.kept,
    )


def _mark(tx: Tx, day: date, texts: Sequence[int], items: Sequence[int], entry: int) -> None:
    """All of it or nothing: a hold that was not seen above would be seen here."""
    marked = shredding.mark(tx, texts, day, entry) + mark_items(tx, items, entry)
    if marked != len(texts) + len(items):
        raise Damaged(
            f"{len(texts) + len(items) - marked} of the texts and items of {day} can't be taken after all.",
            "Nothing was destroyed. Run `textarchive verify`.",
        )
