"""What was said of a text, and which texts must have been that are not here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.core.errors import Damaged
from archive.deliveries import store
from archive.deliveries.events import DeliveryNoted
from archive.deliveries.model import Report
from archive.ledger.trail import TrailEntry, entries_numbered
from archive.tx import Tx

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Orphan:
    """A report on a text that has not come: a gap, until it does."""

    provider: str
    account: str
    provider_id: str
    status: str
    noted_at: datetime
    entry: int


@dataclass(frozen=True, slots=True)
class Orphans:
    """`texts`: how many are missing in all. `newest`: up to `SHOWN` reports on them, newest first."""

    texts: int
    newest: list[Orphan]


def reports_on(tx: Tx, serial: int) -> list[Report]:
    """In the order in which they came. Raises `Damaged` where a row names an entry that is none of these."""
    rows = store.reports_on(tx, serial)
    entries = {entry.seq: entry for entry in entries_numbered(tx, [row.entry for row in rows])}
    return [_report(entries.get(row.entry), row.entry) for row in rows]


def reports_among(tx: Tx, serials: Collection[int]) -> dict[int, list[Report]]:
    """Text → the reports on it, of those on which there are any."""
    rows = store.reports_among(tx, serials)
    entries = {entry.seq: entry for entry in entries_numbered(tx, [entry for _, entry in rows])}
    found: dict[int, list[Report]] = {}
    for message, entry in rows:
        found.setdefault(message, []).append(_report(entries.get(entry), entry))
    return found


def missing_texts(tx: Tx) -> Orphans:
    rows = store.orphans(tx, SHOWN)
    newest = [Orphan(row.provider, row.account, row.provider_id, row.status, row.noted_at, row.entry) for row in rows]
    return Orphans(store.count_orphans(tx), newest)


def _report(entry: TrailEntry | None, seq: int) -> Report:
    if entry is None or entry.kind != DeliveryNoted.kind:
        raise Damaged(f"Ledger entry {seq} is no delivery report.", "Run `textarchive verify`.")
    said: dict[str, Any] = entry.detail
    return Report(
        to=said["to"],
        status=said["status"],
        said=said["said"],
        code=said.get("code"),
        category=said.get("category"),
        title=said.get("title"),
        at=datetime.fromisoformat(said["at"]) if said.get("at") else None,
        noted_at=entry.at,
        entry=seq,
    )
