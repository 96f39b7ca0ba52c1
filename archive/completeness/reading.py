"""What is known of completeness, for people and programs; nothing is looked for here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from archive.completeness import count_store, gap_store, text_store
from archive.completeness.comparing import compare_days, stored_on, vanished_of
from archive.completeness.events import GapAcknowledged
from archive.completeness.gap import Cause, Gap
from archive.completeness.midnight import around
from archive.completeness.model import Cell, first_watched, last_closed
from archive.completeness.standing import Standing, standings
from archive.core import phone
from archive.core.clock import DAY, day_of
from archive.core.errors import BadInput
from archive.ledger.trail import entries_about
from archive.tx import Tx

DAYS: Final = 30
MOST_DAYS: Final = 92
MOST_LAG: Final = 50_000
"""Entries that the index may be behind for what it lacks to be counted."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """The days `first` to `last`, by what was counted at `looked_at` (None: never yet). `closed`: the last day of which
    all should have come; `watched`: the first that is still watched. `gaps`: of these days, closed ones too; `alarms`:
    of all days, (gaps, texts) by cause.
    """

    first: date
    last: date
    closed: date
    watched: date
    today: date
    looked_at: datetime | None
    standings: list[Standing]
    gaps: list[Gap]
    alarms: dict[Cause, tuple[int, int]]


def read_completeness(
    tx: Tx, position: int | None, first: date | None = None, last: date | None = None, number: str | None = None
) -> Completeness:
    """The last thirty days, unless others are asked for. `position`: how far the index has come, None if it
    can't say."""
    first, last = _span(tx.now, first, last)
    gaps = gap_store.gaps_between(tx, first, last)
    days = {first + DAY * step for step in range((last - first).days + 1)}
    here = stored_on(tx, around(days), vanished_of(gaps))
    unindexed = _unindexed(tx, position, gaps)
    compared = compare_days(tx, days, here, unindexed or {})
    own = {cell: texts for cell, texts in here.items() if cell.day in days}
    shown = standings(compared, own, unindexed, last_closed(tx.now))
    if number:
        wanted = phone.parse(number).address
        shown = [one for one in shown if one.cell.number == wanted]
        gaps = [gap for gap in gaps if gap.short.cell.number == wanted]
    looked_at = count_store.progress(tx).looked_at
    return Completeness(
        first=first,
        last=last,
        closed=last_closed(tx.now),
        watched=first_watched(tx.now),
        today=day_of(tx.now),
        looked_at=looked_at,
        standings=shown,
        gaps=gaps,
        alarms=alarms(tx),
    )


def alarms(tx: Tx) -> dict[Cause, tuple[int, int]]:
    """(gaps, texts missing) of those that nobody has acknowledged, by how that is known."""
    return gap_store.count_alarms(tx)


def reason_of(tx: Tx, gap_id: str) -> str | None:
    """Why the newest acknowledgement was made; None if it can't be opened any more."""
    entries = entries_about(tx, gap_id, details=True)
    newest = next((entry for entry in entries if entry.kind == GapAcknowledged.kind), None)
    return newest.private.get("reason") if newest else None


def open_alarms(tx: Tx) -> list[Gap]:
    return [gap for gap in gap_store.open_gaps(tx) if gap.is_alarm]


def _span(now: datetime, first: date | None, last: date | None) -> tuple[date, date]:
    last = min(last or day_of(now), day_of(now))
    first = max(first or last - DAY * (DAYS - 1), first_watched(now))
    if first > last:
        raise BadInput("These are no days that are watched.", f"Ask from {first_watched(now)} on, and until today.")
    if (last - first).days >= MOST_DAYS:
        raise BadInput(f"These are more than {MOST_DAYS} days.", "Ask for fewer at a time.")
    return first, last


def _unindexed(tx: Tx, position: int | None, gaps: Iterable[Gap]) -> Counter[Cell] | None:
    """What no search can find: what the index has lost, and what it has yet to read. None if that is very much."""
    counted = count_store.progress(tx).counted
    if position is None or counted - position > MOST_LAG:
        return None
    found = Counter[Cell]()
    for gap in gaps:
        if gap.is_open and gap.short.cause is Cause.NOT_INDEXED:
            found[gap.short.cell] += gap.short.missing
    if position < counted:
        for cell, tally in text_store.tallies(tx, position, counted).items():
            found[cell] += tally.arrived
    return found
