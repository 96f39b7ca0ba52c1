"""Letting go: one person asks, a second one allows it, and what is free then goes back through a whole plan."""

from dataclasses import dataclass
from datetime import date, timedelta

from archive.access.second_person import demand_second_person
from archive.core.clock import day_of
from archive.core.errors import BadInput, Conflict
from archive.holds import store
from archive.holds.events import HoldReleased, ReleaseAsked, ReleaseRefused, digest_of
from archive.holds.placing import REASON_LENGTH
from archive.holds.reading import hold_of
from archive.holds.store import HoldRow
from archive.retention.period import PLANNED_AHEAD
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Effect:
    """What releasing does: `freed` of `covered` texts would be under no hold any more.

    `planned` of these have had their time, or have it within the week that a plan takes: the purge batch of `due_on`
    would take them. The others stay until their own day.
    """

    covered: int
    freed: int
    planned: int
    due_on: date


def release_effect(tx: Tx, hold_id: str) -> Effect:
    hold_of(tx, hold_id)
    covered, freed = _freed(tx, hold_id)
    due_on = _first_plannable(tx)
    return Effect(len(covered), len(freed), store.count_due_before(tx, freed, due_on), due_on)


def ask_release(tx: Tx, hold_id: str, reason: str) -> HoldRow:
    """The first of two. Raises `NotFound`, `Conflict`, `BadInput`."""
    row = hold_of(tx, hold_id)
    if row.released_at is not None:
        raise Conflict(f"{hold_id} is released already.", "There is nothing to do.")
    if row.asked_at is not None:
        raise Conflict(f"The release of {hold_id} was asked for already.", "A second person allows it or refuses.")
    if not 1 <= len(reason.strip()) <= REASON_LENGTH:
        raise BadInput(f"A release has a reason of 1 to {REASON_LENGTH:,} characters.", "Say why it is released.")
    row.asked_at, row.asked_by = tx.now, str(tx.actor)
    tx.record(ReleaseAsked(subject=hold_id, reason=reason.strip()))
    return row


def refuse_release(tx: Tx, hold_id: str) -> HoldRow:
    """Also by whoever asked, who may think better of it."""
    row = hold_of(tx, hold_id)
    _asked_by(row)
    row.asked_at = row.asked_by = None
    tx.record(ReleaseRefused(subject=hold_id))
    return row


def approve_release(tx: Tx, hold_id: str, freed: int) -> Effect:
    """The second of two. `freed`: how many texts they were told would be under no hold any more.

    Raises `NotFound`, `NotPermitted`, and `Conflict` when it is another number by now.
    """
    row = hold_of(tx, hold_id)
    asked_by = _asked_by(row)
    demand_second_person(tx, asked_by)
    covered, free = _freed(tx, hold_id)
    if len(free) != freed:
        raise Conflict(
            f"Releasing {hold_id} would free {len(free):,} texts, not {freed:,}.", "Look at its effect again first."
        )
    due_on = _first_plannable(tx)
    store.remove_from(tx, hold_id)
    planned = store.plan_again(tx, free, due_on)
    row.released_at = tx.now
    tx.record(
        HoldReleased(
            subject=hold_id,
            asked_by=asked_by,
            count=len(covered),
            freed=len(free),
            planned=planned,
            due_on=due_on.isoformat(),
            digest=digest_of(covered),
        )
    )
    return Effect(len(covered), len(free), planned, due_on)


def _asked_by(row: HoldRow) -> str:
    if row.released_at is not None:
        raise Conflict(f"{row.id} is released already.", "There is nothing to do.")
    if row.asked_by is None:
        raise Conflict(f"Nobody has asked for the release of {row.id}.", "Ask for it first, and say why.")
    return row.asked_by


def _freed(tx: Tx, hold_id: str) -> tuple[list[int], list[int]]:
    """(all that is under the hold, what of it is under no other)."""
    covered = store.serials_under(tx, hold_id)
    over = store.holds_over(tx, covered)
    return covered, [serial for serial in covered if over[serial] == [hold_id]]


def _first_plannable(tx: Tx) -> date:
    """The first day whose batch nobody can have planned yet."""
    return day_of(tx.now) + timedelta(days=PLANNED_AHEAD + 1)
