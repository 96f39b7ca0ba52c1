"""Keeping `due_on` right: no text stands with a later batch than its time asks for, unless the ledger says why."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import or_, select, text, update

from archive.core.actor import Actor
from archive.core.canonical import parse_json
from archive.core.clock import day_of
from archive.holds.events import HoldReleased
from archive.holds.store import holds_over
from archive.ledger.entry import Event
from archive.ledger.rows import NO_TEXT, LedgerEntryRow
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.retention.decide import due
from archive.retention.model import Policy
from archive.retention.period import PLANNED_AHEAD
from archive.retention.policies import all_policies, policy_faults, sound_policies
from archive.retention.records import DATED_COLUMNS, dated_columns
from archive.retention.settling import TextsKept
from archive.retention.starting_over import PurgesStartedOver
from archive.tx import Transactions, Tx

AT_ONCE = 5_000
ACTOR = Actor("job", "due-days")
DAY_MICROS = 86_400_000_000


class BroughtForward(Event, frozen=True, kw_only=True):
    """`moved` texts are looked at by an earlier batch, since a re-dating lets them go sooner.

    Those whose time was over already went to `not_before`, the first day that nobody had planned yet.
    """

    kind = "retention.brought-forward"
    moved: int
    not_before: str


class Late(NamedTuple):
    """A text whose batch comes later than its time, or never, without a reason that the ledger knows."""

    serial: int
    due_on: date | None
    time_is_over_on: date


def late_texts(tx: Tx) -> Iterator[Late]:
    """In the order of their serials. Raises `Damaged` when a policy is not what the ledger says."""
    policies, reasons = sound_policies(tx), _days_with_a_reason(tx)
    after = 0
    while rows := _suspects(tx, policies, after):
        after = rows[-1].seq
        held = holds_over(tx, [row.seq for row in rows])
        for row in rows:
            over_on = day_of(due(dated_columns(row), policies)[0])
            early_enough = row.due_on is not None and (row.due_on <= over_on or row.due_on in reasons)
            if row.seq not in held and not early_enough:
                yield Late(row.seq, row.due_on, over_on)


def retention_faults(tx: Tx) -> Iterator[tuple[int | None, str]]:
    """(serial or ledger entry, what is wrong), for `verify`: policies first, since every date hangs on them."""
    if faults := policy_faults(tx, all_policies(tx)):
        yield from faults
        return
    for late in late_texts(tx):
        when = f"only on {late.due_on}" if late.due_on else "never"
        yield (
            late.serial,
            f"its time is over on {late.time_is_over_on}, but a purge batch looks at it {when}: `due_on` was changed,"
            " or a re-dating is not finished (`textarchive jobs run due-days`)",
        )


def bring_forward(transactions: Transactions, org_id: int) -> int:
    """After a re-dating: move what goes sooner to the batch of its new day; how many. Can be broken off and run again.

    Nothing is moved into a batch that may be planned already.
    """
    with transactions.read(org_id, ACTOR) as tx:
        if not any(policy.existing for policy in sound_policies(tx)):
            return 0
        late = [text for text in late_texts(tx) if text.due_on is not None]
    moved = 0
    for start in range(0, len(late), AT_ONCE):
        with transactions.write(org_id, ACTOR) as tx:
            moved += _move(tx, late[start : start + AT_ONCE])
    return moved


def _move(tx: Tx, late: list[Late]) -> int:
    plannable = day_of(tx.now) + timedelta(days=PLANNED_AHEAD + 1)
    by_day: dict[date, list[int]] = {}
    for one in late:
        by_day.setdefault(max(one.time_is_over_on, plannable), []).append(one.serial)
    moved = 0
    for due_on, serials in by_day.items():
        move = update(MessageRow).where(MessageRow.seq.in_(serials), MessageRow.due_on > due_on).values(due_on=due_on)
        done: Any = tx.session.execute(move, execution_options={"synchronize_session": False})
        moved += done.rowcount
    if moved:
        tx.record(BroughtForward(moved=moved, not_before=plannable.isoformat()))
    return moved


def _suspects(tx: Tx, policies: list[Policy], after: int) -> Any:
    """Texts with another day than their own date's; after a re-dating every text may be one."""
    wanted = select(*DATED_COLUMNS, MessageRow.due_on).where(MessageRow.seq > after, NOT_SHREDDING)
    if not any(policy.existing for policy in policies):
        later = text(f"message.due_on > message.expires_at / {DAY_MICROS}")
        wanted = wanted.where(or_(MessageRow.due_on.is_(None), later))
    return tx.session.execute(wanted.order_by(MessageRow.seq).limit(AT_ONCE)).all()


def _days_with_a_reason(tx: Tx) -> set[date]:
    """The days to which the ledger says that texts were moved: released and re-dated ones, those in no plan, and those
    that a restore found free.
    """
    tx.write_entries()
    kinds = (HoldReleased.kind, BroughtForward.kind, TextsKept.kind, PurgesStartedOver.kind)
    wanted = select(LedgerEntryRow.detail).where(LedgerEntryRow.kind.in_(kinds), text(NO_TEXT))
    details = [parse_json(detail) for detail in tx.session.scalars(wanted) if detail]
    days = (detail.get("due_on") or detail.get("not_before") for detail in details)
    return {date.fromisoformat(day) for day in days if day}
