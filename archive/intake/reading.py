"""Looking at what is in quarantine, and trying all of it again."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from archive.core.actor import Actor
from archive.core.errors import Conflict
from archive.group_commit import GroupCommit
from archive.intake import quarantine
from archive.intake.actions import QuarantineRetried, retry
from archive.intake.quarantine import QuarantineRow
from archive.ledger.entry import Event
from archive.ledger.trail import TrailEntry, entries_about
from archive.tx import Transactions

RETRIED_AT_ONCE = 500


class QuarantineViewed(Event, frozen=True, kw_only=True):
    """Somebody opened an item. `content`: whether what arrived was shown, or only that it arrived."""

    kind = "quarantine.viewed"
    content: bool


class Opening(Protocol):
    """What of an archive reading needs."""

    @property
    def transactions(self) -> Transactions: ...
    @property
    def group(self) -> GroupCommit: ...


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """`raw` and its SHA-256 are None for a reader who may not see texts. `attempts`: newest first."""

    row: QuarantineRow
    attempts: list[TrailEntry]
    raw: bytes | None
    sha256: str | None


def open_item(archive: Opening, org_id: int, actor: Actor, seq: int, *, content: bool) -> OpenedItem:
    """One item, with its content for those who may read texts. Written into the ledger before anybody sees it."""
    with archive.transactions.read(org_id, actor) as tx:
        item = quarantine.read_item(tx, seq)
        about = entries_about(tx, f"quarantine:{seq}")
    archive.group.record(org_id, actor, QuarantineViewed(subject=f"quarantine:{seq}", content=content))
    attempts = [entry for entry in about if entry.kind == QuarantineRetried.kind]
    raw = item.raw if content else None
    return OpenedItem(item.row, attempts, raw, hashlib.sha256(raw).hexdigest() if raw is not None else None)


def retry_all(archive: Opening, org_id: int, actor: Actor, most: int = RETRIED_AT_ONCE) -> Counter[str]:
    """Try what waits, each item in its own transaction; how many came to what.

    At most `most`, so that the answer comes in time; "left" counts the others.
    """
    with archive.transactions.read(org_id, actor) as tx:
        serials = quarantine.open_serials(tx, limit=most)
        waiting = quarantine.count_open(tx)
    counts: Counter[str] = Counter()
    for seq in serials:
        try:
            with archive.transactions.write(org_id, actor) as tx:
                counts[retry(tx, seq).status] += 1
        except Conflict:  # Somebody else has just retried it.
            counts["gone"] += 1
    counts["left"] = waiting - len(serials)
    return counts
