"""What a number was, at any moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.core import phone
from archive.core.errors import NotFound
from archive.numbers import store
from archive.numbers.model import NumberState
from archive.numbers.store import NumberChangeRow, NumberRow
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a number was from `since` on, and until when (exclusive; None: still). `entry` of the ledger began it.

    `campaign`: the id of the one that it was on, whether that was active or not; `registered` says that it was.
    """

    state: NumberState
    location: str
    label: str
    since: datetime
    until: datetime | None
    by: str
    reason: str
    entry: int
    campaign: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """A number with its history, newest first."""

    number: NumberRow
    stretches: Sequence[Stretch]


def past_of(tx: Tx, number: str) -> Past:
    """By its number in any usual spelling; raises `NotFound`."""
    row = store.number_by_e164(tx, phone.parse(number).address)
    if row is None:
        raise NotFound(f"{number} is not one of the numbers.", "`textarchive number list` and `/numbers` show them.")
    return _past(tx, row)


def past_by_id(tx: Tx, number_id: str) -> Past:
    row = store.number_by_id(tx, number_id)
    if row is None:
        raise NotFound(f"There is no number {number_id}.", "`/numbers` lists those that there are.")
    return _past(tx, row)


def number_at(tx: Tx, e164: str, at: datetime) -> Stretch | None:
    """What an own number was at a moment; None if it was not one of the numbers then. `until` is not looked for."""
    row = store.number_by_e164(tx, e164)
    change = store.change_as_of(tx, row.id, at) if row else None
    return _stretch(change, None) if change else None


def _past(tx: Tx, row: NumberRow) -> Past:
    changes = store.changes_of(tx, row.id)
    ends = [None, *(change.changed_at for change in changes)]
    return Past(row, [_stretch(change, end) for change, end in zip(changes, ends, strict=False)])


def _stretch(change: NumberChangeRow, until: datetime | None) -> Stretch:
    return Stretch(
        NumberState(change.state),
        change.location,
        change.label,
        change.changed_at,
        until,
        change.changed_by,
        change.reason,
        change.entry,
        change.campaign,
    )
