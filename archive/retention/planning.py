"""Plans: seven days before its day a batch is there to be seen, with what it will take and what might speak against it.

The week is before the time is over, so a hold that is placed meanwhile rescues at no cost, and nothing is kept longer
than it may be.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from archive.core.actor import Actor
from archive.core.clock import day_of
from archive.holds.events import digest_of
from archive.holds.store import holds_over
from archive.intake.expiring import decide_items, items_over
from archive.keys.keyring import DataKeyRow
from archive.messages.store import MessageRow
from archive.retention import breakers
from archive.retention.batch import WEEK, Batch, State, batch_id, end_of
from archive.retention.batches import add_batch, count_of_day, open_batches, sizes_before, withdraw_batch
from archive.retention.breakers import Trip, tripped
from archive.retention.decide import decide
from archive.retention.model import Policy
from archive.retention.own_clock import behind, earliest_end
from archive.retention.period import PLANNED_AHEAD
from archive.retention.policies import sound_policies
from archive.retention.purge_events import PurgePlanned, PurgeWithdrawn, subject_of
from archive.retention.records import DATED_COLUMNS, dated_columns
from archive.retention.serials import pack
from archive.retention.settling import serials_due
from archive.retention.shredding import count_all, due_days
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "plan")
AT_ONCE = 5_000
COMPARED = 14
"""So many batches before a day, and days after it, say what is usual."""

_FIRST_DAY = date(1970, 1, 1)


@dataclass(slots=True)
class _Found:
    """What is there for a day. `not_before`: the latest of all that is going, by our own clock's record."""

    going: list[int] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    numbers: Counter[str] = field(default_factory=Counter)
    held: int = 0
    longer: int = 0
    not_before: datetime | None = None


def plan_batches(transactions: Transactions, org_id: int) -> list[Batch]:
    """Plan whatever is due within a week and is in no plan yet. The caller has seen to it that the clocks agree."""
    with transactions.write(org_id, ACTOR) as tx:
        _withdraw(tx)
    with transactions.read(org_id, ACTOR) as tx:
        days = _days(tx)
    planned = []
    for day in days:
        with transactions.write(org_id, ACTOR) as tx:
            if day not in {batch.expires_on for batch in open_batches(tx)}:  # Nobody was quicker.
                planned.append(_plan(tx, day))
    return planned


def newest_policy(policies: Sequence[Policy]) -> int:
    """The ledger entry of the newest version; 0 while there is only the default."""
    return max(policy.entry for policy in policies)


def _withdraw(tx: Tx) -> None:
    last = day_of(tx.now) + timedelta(days=PLANNED_AHEAD)
    for batch in open_batches(tx):
        if batch.state is State.PLANNED and batch.expires_on > last:
            tx.record(PurgeWithdrawn(subject=subject_of(batch.id), day=batch.expires_on.isoformat()))
            withdraw_batch(tx, batch.id)


def _days(tx: Tx) -> list[date]:
    """Days without an open batch for which there is something: texts, quarantined items, or a key that has to go."""
    last = day_of(tx.now) + timedelta(days=PLANNED_AHEAD)
    days = {*due_days(tx, _FIRST_DAY, last), *_days_of_items(tx, last), *_days_of_keys(tx, last)}
    return sorted(days - {batch.expires_on for batch in open_batches(tx)})


def _days_of_keys(tx: Tx, last: date) -> set[date]:
    """Days whose key lives: it was made for something, and that may have gone by another batch."""
    wanted = select(DataKeyRow.period).where(
        DataKeyRow.purpose == "day", DataKeyRow.destroyed_at.is_(None), DataKeyRow.period <= last.isoformat()
    )
    return {date.fromisoformat(period) for period in tx.session.scalars(wanted)}


def _days_of_items(tx: Tx, last: date) -> set[date]:
    """An item that was kept beyond its day by a hold, and is free now, goes with the last day that is planned."""
    free = _free_items(tx, sound_policies(tx), end_of(last))
    days = {day_of(item.expires_at) for item in free}
    through = {day for day in days if count_of_day(tx, day)}
    return days - through | ({last} if through else set())


def _free_items(tx: Tx, policies: list[Policy], end: datetime) -> list[Any]:
    """Items that may go by then and are in no plan yet."""
    planned = {serial for batch in open_batches(tx) for serial in batch.serials}
    items = [item for item in items_over(tx, end) if item.seq not in planned]
    verdicts = dict(decide_items(tx, items, policies, end))
    return [item for item in items if verdicts[item.seq].may_go]


def _plan(tx: Tx, day: date) -> Batch:
    policies = sound_policies(tx)
    found = _Found()
    serials = serials_due(tx, day)
    for start in range(0, len(serials), AT_ONCE):
        _sort_texts(tx, serials[start : start + AT_ONCE], policies, end_of(day), found)
    found.items = [item.seq for item in _free_items(tx, policies, end_of(day))]
    return _write(tx, day, newest_policy(policies), found)


def _sort_texts(tx: Tx, serials: Sequence[int], policies: list[Policy], end: datetime, found: _Found) -> None:
    rows: Any = tx.session.execute(select(*DATED_COLUMNS).where(MessageRow.seq.in_(serials)))
    holds, late = holds_over(tx, serials), behind(tx, serials)
    for row in rows:
        verdict = decide(dated_columns(row), policies, holds.get(row.seq, ()), end)
        if not verdict.may_go:
            found.held += bool(verdict.holds)
            found.longer += not verdict.holds
            continue
        found.going.append(row.seq)
        found.numbers[row.own_number] += 1
        over = earliest_end(row.received_at, verdict, late.get(row.seq, timedelta(0)))
        found.not_before = max(over, found.not_before or over)


def _write(tx: Tx, day: date, policy: int, found: _Found) -> Batch:
    serials = sorted([*found.going, *found.items])
    trips = _trips(tx, day, found)
    name = batch_id(day, count_of_day(tx, day) + 1)
    entry = tx.record(
        PurgePlanned(
            subject=subject_of(name),
            day=day.isoformat(),
            texts=len(found.going),
            items=len(found.items),
            held=found.held,
            longer=found.longer,
            numbers=len(found.numbers),
            digest=digest_of(serials),
            policy=policy,
            trips=tuple(trip.breaker.value for trip in trips),
        )
    )
    batch = Batch(
        id=name,
        expires_on=day,
        state=State.PLANNED,
        planned_at=tx.now,
        plan_entry=entry,
        policy=policy,
        texts=len(found.going),
        items=len(found.items),
        held=found.held,
        longer=found.longer,
        numbers=dict(found.numbers),
        planned=pack(serials),
        trips=trips,
    )
    add_batch(tx, batch)
    return batch


def _trips(tx: Tx, day: date, found: _Found) -> tuple[Trip, ...]:
    texts = len(found.going)
    after = due_days(tx, day + timedelta(days=1), day + timedelta(days=COMPARED))
    return tripped(
        breakers.size(texts, [*sizes_before(tx, day, COMPARED), *after.values()]),
        breakers.share(texts, count_all(tx)),
        breakers.young(found.not_before, end_of(day)),
        breakers.week(tx.now, end_of(day), WEEK),
    )
