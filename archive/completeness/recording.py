"""Putting gaps on record, and saying what became of them: each step is in the ledger."""

from dataclasses import replace
from datetime import date
from typing import Final

from archive.completeness import gap_store as store
from archive.completeness.events import GapAcknowledged, GapClosed, changed, opened
from archive.completeness.gap import Because, Gap, Shortfall
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.tx import Tx

REASON_LENGTH: Final = 500


def open_gap(tx: Tx, short: Shortfall) -> Gap:
    gap_id = new_id("gap", tx.now)
    entry = tx.record(opened(gap_id, short))
    gap = Gap(gap_id, short, opened_at=tx.now, entry=entry)
    store.add_gap(tx, gap)
    return gap


def change_gap(tx: Tx, gap_id: str, short: Shortfall) -> None:
    """An alarm once more, if more is missing than whoever acknowledged it has seen."""
    gap = store.find_gap(tx, gap_id)
    if gap is None or not gap.is_open:
        return
    worse = gap.acknowledged_missing is not None and short.missing > gap.acknowledged_missing
    tx.record(changed(gap_id, short, alarm=worse))
    gap = replace(gap, short=short)
    store.put_gap(tx, without_acknowledgement(gap) if worse else gap)


def close_gap(tx: Tx, gap_id: str, because: Because) -> None:
    gap = store.find_gap(tx, gap_id)
    if gap is None or not gap.is_open:
        return
    tx.record(GapClosed(subject=gap_id, because=because))
    store.put_gap(tx, replace(gap, closed_at=tx.now, because=because))


def acknowledge(tx: Tx, gap_id: str, reason: str) -> Gap:
    """Somebody knows of it and says why: it stays on record and is no alarm any more."""
    gap, reason = found_gap(tx, gap_id), _checked(reason)
    if not gap.is_alarm:
        raise Conflict("This gap is closed or acknowledged already.", "Look at the page again.")
    return _acknowledge(tx, gap, reason)


def acknowledge_day(tx: Tx, day: date, reason: str) -> int:
    """The same of every alarm of one day, as after a failure that everybody knows of; how many they were."""
    reason = _checked(reason)
    alarms = [gap for gap in store.open_gaps(tx) if gap.is_alarm and gap.short.cell.day == day]
    if not alarms:
        raise Conflict(f"There is no alarm of {day}.", "Look at the page again.")
    for gap in alarms:
        _acknowledge(tx, gap, reason)
    return len(alarms)


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH:
        raise BadInput("Say why this is no alarm.", f"The reason has up to {REASON_LENGTH} characters.")
    return reason


def _acknowledge(tx: Tx, gap: Gap, reason: str) -> Gap:
    tx.record(GapAcknowledged(subject=gap.id, missing=gap.short.missing, reason=reason))
    known = replace(gap, acknowledged_at=tx.now, acknowledged_by=str(tx.actor), acknowledged_missing=gap.short.missing)
    store.put_gap(tx, known)
    return known


def found_gap(tx: Tx, gap_id: str) -> Gap:
    gap = store.find_gap(tx, gap_id)
    if gap is None:
        raise NotFound("There is no such gap.", "The page *Completeness* lists those that there are.")
    return gap


def without_acknowledgement(gap: Gap) -> Gap:
    return replace(gap, acknowledged_at=None, acknowledged_by=None, acknowledged_missing=None)
