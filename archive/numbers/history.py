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

    `letter`: the Letter of Authorization that its authorisation rested on. `campaign`: the id of the one that it was
    on, whether that was active or not; `registered` says that it was.
    """

    state: NumberState
    location: str
    label: str
    user_id: str | None
    since: datetime
    until: datetime | None
    by: str
    reason: str
    entry: int
    letter: str | None
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


class Nearest:
    """What numbers were at the times of many texts, for which the history of each number is read once."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._rows = {row.e164: row for row in store.all_numbers(tx)}
        self._changes: dict[str, Sequence[NumberChangeRow]] = {}

    def at(self, e164: str, at: datetime) -> Stretch | None:
        """For a text from before its number was entered, the first that is known of it; None for no own number."""
        row = self._rows.get(e164)
        if row is None:
            return None
        if e164 not in self._changes:
            self._changes[e164] = store.changes_of(self._tx, row.id)
        changes = self._changes[e164]
        then = next((change for change in changes if change.changed_at <= at), changes[-1] if changes else None)
        return _stretch(then, None) if then else None


@dataclass(frozen=True, slots=True)
class Held:
    """A number that somebody held from `since` until `until` (exclusive; None: still)."""

    number: NumberRow
    since: datetime
    until: datetime | None


def held_by(tx: Tx, user_id: str) -> list[Held]:
    """What a user holds and held, newest first."""
    found: list[Held] = []
    for number_id in store.numbers_ever_held(tx, user_id):
        past = past_by_id(tx, number_id)
        for stretch in reversed(past.stretches):
            if stretch.user_id != user_id or stretch.state is NumberState.RELEASED:
                continue
            since = stretch.since
            if found and found[-1].number is past.number and found[-1].until == since:
                since = found.pop().since
            found.append(Held(past.number, since, stretch.until))
    return sorted(found, key=lambda held: held.since, reverse=True)


def _past(tx: Tx, row: NumberRow) -> Past:
    changes = store.changes_of(tx, row.id)
    ends = [None, *(change.changed_at for change in changes)]
    return Past(row, [_stretch(change, end) for change, end in zip(changes, ends, strict=False)])


def _stretch(change: NumberChangeRow, until: datetime | None) -> Stretch:
    return Stretch(
        NumberState(change.state),
        change.location,
        change.label,
        change.user_id,
        change.changed_at,
        until,
        change.changed_by,
        change.reason,
        change.entry,
        change.letter,
        change.campaign,
    )
