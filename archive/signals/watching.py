"""Follows what is said of texts: what contradicts what we hold opens an alert, a refusal may be an opt-out.

It reads the ledger on from where it was, so that nothing that brings reports has to tell it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from archive.alerts.actions import raise_alert
from archive.alerts.model import Cause, Occurrence
from archive.alerts.store import alert_of
from archive.core.actor import Actor
from archive.core.clock import day_of
from archive.deliveries.events import DeliveriesJoined, DeliveryNoted
from archive.ledger.trail import TrailEntry, entries_numbered, entries_of_kind
from archive.messages.actions import read_sound
from archive.numbers.model import NumberState
from archive.numbers.store import numbers_among
from archive.optouts.suspecting import Refused, suspect
from archive.signals import store
from archive.signals.rules import FILTERED, OPTED_OUT, TEXTS_FILTERED, WATCHED, are_too_many, cause_of
from archive.signals.store import Sent
from archive.tx import Transactions, Tx

FOLLOWER: Final = Actor("job", "signals")
AT_ONCE: Final = 1_000
LOOKED_BACK: Final = timedelta(days=7)
"""Whoever follows an old ledger from its start is not to ring for what nobody can change any more."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A report on a text of ours that asks to be looked at. `entry`: with which it became known of this text."""

    entry: int
    text: Sent
    to: int
    category: str
    at: datetime


def watch(transactions: Transactions, org_id: int) -> int:
    """How many alerts and suspicions are new."""
    new = 0
    while _is_behind(transactions, org_id):
        with transactions.write(org_id, FOLLOWER) as tx:
            entries, through = _some(tx)
            new += _look(tx, list(_watched(tx, entries)))
            store.move_position(tx, through)
    return new


def _is_behind(transactions: Transactions, org_id: int) -> bool:
    with transactions.read(org_id, FOLLOWER) as tx:
        return bool(_some(tx)[0])


def _some(tx: Tx) -> tuple[list[TrailEntry], int]:
    """Entries on reports that were not watched yet, in order, and up to where these are all."""
    after = store.position(tx)
    both = [entries_of_kind(tx, kind, after, AT_ONCE) for kind in (DeliveryNoted.kind, DeliveriesJoined.kind)]
    through = min((some[-1].seq for some in both if len(some) == AT_ONCE), default=tx.ledger_size)
    found = sorted((entry for some in both for entry in some if entry.seq <= through), key=lambda entry: entry.seq)
    return found, through


def _watched(tx: Tx, entries: Sequence[TrailEntry]) -> Iterator[Noted]:
    told = [one for one in _with_texts(tx, entries) if _asks(tx, one[1])]
    texts = store.sent_texts(tx, {serial for _, _, serial in told})
    for entry, report, serial in told:
        if text := texts.get(serial):
            yield Noted(entry, text, report.detail["to"], report.detail["category"], report.at)


def _with_texts(tx: Tx, entries: Sequence[TrailEntry]) -> Iterator[tuple[int, TrailEntry, int]]:
    """(entry with which it is known, the report, the text): a report without a text waits until its text has come."""
    for entry in entries:
        if entry.subject is None:
            continue
        serial = int(entry.subject.removeprefix("message:"))
        joined = entries_numbered(tx, entry.detail["entries"]) if entry.kind == DeliveriesJoined.kind else [entry]
        yield from ((entry.seq, report, serial) for report in joined)


def _asks(tx: Tx, report: TrailEntry) -> bool:
    said = report.detail
    return said.get("category") in WATCHED and said["status"] == "blocked" and tx.now - report.at <= LOOKED_BACK


def _look(tx: Tx, reports: Sequence[Noted]) -> int:
    if not reports:
        return 0
    return _contradictions(tx, reports) + _filtered(tx, reports) + _refusals(tx, reports)


def _contradictions(tx: Tx, reports: Sequence[Noted]) -> int:
    numbers = {row.e164: row for row in numbers_among(tx, {one.text.own_number for one in reports})}
    happened: dict[tuple[Cause, date], list[Occurrence]] = {}
    for one in reports:
        row = numbers.get(one.text.own_number)
        state, campaign = (NumberState(row.state), row.campaign) if row else (None, None)
        if cause := cause_of(one.category, one.text.own_number, state, campaign):
            happened.setdefault((cause, day_of(one.at)), []).append(Occurrence(one.entry, one.text.serial))
    return sum(raise_alert(tx, cause, day, ones) for (cause, day), ones in happened.items())


def _filtered(tx: Tx, reports: Sequence[Noted]) -> int:
    """By the day of the texts, of which so many are to be expected."""
    happened: dict[tuple[str, date], list[Occurrence]] = {}
    for one in reports:
        if one.category in FILTERED:
            place = one.text.own_number, day_of(one.text.at)
            happened.setdefault(place, []).append(Occurrence(one.entry, one.text.serial))
    return sum(_weigh(tx, number, day, ones) for (number, day), ones in happened.items())


def _weigh(tx: Tx, own_number: str, day: date, happened: Sequence[Occurrence]) -> bool:
    cause = Cause(TEXTS_FILTERED, f"number:{own_number}")
    if alert_of(tx, cause, day):
        return raise_alert(tx, cause, day, happened)
    filtered = store.blocked_because(tx, own_number, day, FILTERED)
    if not are_too_many(len(filtered), store.count_reported(tx, own_number, day)):
        return False
    return raise_alert(tx, cause, day, [Occurrence(happened[-1].entry, serial) for serial in filtered])


def _refusals(tx: Tx, reports: Iterable[Noted]) -> int:
    """A provider that refuses since somebody has opted out knows more than we do, should we know of none."""
    refused = [one for one in reports if one.category == OPTED_OUT]
    opened = read_sound(tx, [one.text.serial for one in refused]).messages
    to = {message.serial: message.content.to for message in opened}
    return suspect(
        tx,
        [
            Refused(one.text.serial, one.text.own_number, to[one.text.serial][one.to], one.at)
            for one in refused
            if one.to < len(to.get(one.text.serial, ()))
        ],
    )
