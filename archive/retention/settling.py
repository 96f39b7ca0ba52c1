"""What a batch has found: which of it may go, and keeping what may not.

Called by the purge for the texts of a day, and for whatever else lies under a key before that key is destroyed. What
stays is sealed again, the same content and salt, under a key that outlives the batch, and is looked at on a later day.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from archive.core.clock import day_of
from archive.holds.store import AT_ONCE, holds_over
from archive.keys.envelope import SealingKey
from archive.keys.keyring import Purpose
from archive.ledger.entry import Event, place
from archive.messages.actions import opened
from archive.messages.store import NOT_SHREDDING, MessageRow, records_by_serial
from archive.retention.decide import Verdict, decide
from archive.retention.model import Policy
from archive.retention.period import first_plannable
from archive.retention.policies import sound_policies
from archive.retention.records import dated_record
from archive.tx import Tx

_PLANNED = select(MessageRow.seq, MessageRow.due_on)


class TextsKept(Event, frozen=True, kw_only=True):
    """Texts whose day has come and that stay: under a hold, under a longer policy, or until a later batch's day.

    `unplanned` have had their time, but are not in the plan: on `not_before` at the latest a batch takes them.
    """

    kind = "retention.kept"
    held: int
    longer: int
    later: int
    unplanned: int | None = None
    not_before: str | None = None


@dataclass(slots=True)
class Settled:
    """Serials. `going` may be destroyed now, and nothing was done to them; everything else was moved.

    `held` under a hold, `longer` by a longer policy, `later` because a batch of a later day has them in its plan,
    `unplanned` because they have had their time but are not in this plan.
    """

    going: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    longer: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    unplanned: list[int] = field(default_factory=list)

    @property
    def staying(self) -> list[int]:
        return [*self.held, *self.longer, *self.later, *self.unplanned]


@dataclass(frozen=True, slots=True)
class Plan:
    """What may go. `serials`: those of the batch, None for whatever has had its time. `others`: the days of batches
    that have not begun; what is due on one of these is left to it.
    """

    serials: Collection[int] | None = None
    others: Collection[date] = ()


WHATEVER = Plan()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text belongs: under which key, and on which day it is looked at next."""

    purpose: Purpose
    due_on: date | None


def settle(tx: Tx, serials: Sequence[int], plan: Plan = WHATEVER) -> Settled:
    """Sort out texts that are not being destroyed yet. The caller holds the head's lock, so no hold comes in between.

    Raises `Damaged` when a policy or a text is not what the ledger says: then nothing may be destroyed.
    """
    policies, settled = sound_policies(tx), Settled()
    for start in range(0, len(serials), AT_ONCE):
        _settle_some(tx, serials[start : start + AT_ONCE], policies, plan, settled)
    if settled.staying:
        tx.record(_kept(settled, first_plannable(day_of(tx.now))))
    return settled


def _kept(settled: Settled, plannable: date) -> TextsKept:
    unplanned = len(settled.unplanned)
    return TextsKept(
        held=len(settled.held),
        longer=len(settled.longer),
        later=len(settled.later),
        unplanned=unplanned or None,
        not_before=plannable.isoformat() if unplanned else None,
    )


def _settle_some(tx: Tx, serials: Sequence[int], policies: list[Policy], plan: Plan, settled: Settled) -> None:
    holds = holds_over(tx, serials)
    due_on = {row.seq: row.due_on for row in tx.session.execute(_PLANNED.where(MessageRow.seq.in_(serials)))}
    today, moves = day_of(tx.now), []
    for row in records_by_serial(tx, serials):
        verdict = decide(dated_record(row), policies, holds.get(row.seq, ()), tx.now)
        where, kept = _place(verdict, due_on[row.seq], today), _sort(settled, verdict)
        if where is None and plan.serials is not None and row.seq not in plan.serials:
            where, kept = _unplanned(due_on[row.seq], plan, first_plannable(today)), settled.unplanned
        if where is None:
            settled.going.append(row.seq)
        else:
            kept.append(row.seq)
            moves.append(_moved(tx, row, where))
    _write(tx, moves)


def serials_due(tx: Tx, on: date, limit: int | None = None) -> list[int]:
    """The texts that the batch of a day looks at and that are not being destroyed already."""
    wanted = select(MessageRow.seq).where(MessageRow.due_on == on, NOT_SHREDDING).order_by(MessageRow.seq)
    return list(tx.session.scalars(wanted.limit(limit)))


def serials_sealed_by(tx: Tx, key_id: int, limit: int | None = None) -> list[int]:
    """The texts that need a key and are not being destroyed: none may be left when it is destroyed."""
    wanted = select(MessageRow.seq).where(MessageRow.key_id == key_id, NOT_SHREDDING).order_by(MessageRow.seq)
    return list(tx.session.scalars(wanted.limit(limit)))


def _place(verdict: Verdict, planned: date | None, today: date) -> _Place | None:
    """None for a text that may go, and that no later batch is to look at."""
    due_on = day_of(verdict.due_at)
    if due_on > today or (not verdict.holds and not verdict.may_go):
        return _Place(Purpose.records_expiring(due_on), due_on)
    if verdict.holds:
        return _Place(Purpose.held_by(verdict.holds[0]), None)
    if planned is not None and planned > today:
        return _Place(Purpose.records_expiring(planned), planned)
    return None


def _unplanned(due_on: date | None, plan: Plan, plannable: date) -> _Place:
    """It has had its time, but is not in this plan: it stays with the batch whose it is, or waits for one."""
    day = due_on if due_on is not None and due_on in plan.others else plannable
    return _Place(Purpose.records_expiring(day), day)


def _sort(settled: Settled, verdict: Verdict) -> list[int]:
    if verdict.holds:
        return settled.held
    return settled.later if verdict.may_go else settled.longer


def _moved(tx: Tx, row: Any, where: _Place) -> dict[str, Any]:
    """The same content and salt under the key of where it belongs; its commitment stays what it was."""
    opened(tx, row)  # Never hand on what is not what was committed to.
    old = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    assert old is not None  # It was opened just now.
    new: SealingKey = tx.key(where.purpose)
    spot = place(tx.org_id, row.seq)
    return {
        "at": row.seq,
        "org": tx.org_id,
        "key": new.id,
        "envelope": new.seal(old.open(row.sealed, spot), spot),
        "next": where.due_on,
    }


def _write(tx: Tx, moves: list[dict[str, Any]]) -> None:
    if not moves:
        return
    table: Any = MessageRow.__table__
    move = update(table).where(table.c.org_id == bindparam("org"), table.c.seq == bindparam("at"))
    tx.session.flush()
    tx.session.connection().execute(
        move.values(key_id=bindparam("key"), sealed=bindparam("envelope"), due_on=bindparam("next")), moves
    )
