"""What arrived and could not become a message: kept sealed, with the reason, until a person or newer code retries."""

import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.clock import from_micros, to_micros
from archive.core.errors import Conflict, Damaged, NotFound
from archive.db.base import Base, OfOrganisation
from archive.intake.model import Arrival
from archive.keys.envelope import SALT_BYTES, SealingKey
from archive.keys.keyring import Purpose
from archive.ledger.entry import commitment, encode, place
from archive.messages.actions import hashes_of
from archive.messages.model import Outcome
from archive.retention.model import EVERYTHING
from archive.retention.period import Period, dated
from archive.retention.policies import policies_in_force
from archive.tx import Tx

KEPT = "quarantine.kept"
_COLUMNS = ("seq", "received_at", "source", "reason", "size", "digest", "expires_at", "key_id", "sealed")


class QuarantineRow(OfOrganisation, Base):
    """One item. `resolved_as` says what became of it once it was retried with success.

    `shredding` is the ledger entry that began its destruction: from there on nobody reads it.
    """

    __tablename__ = "quarantine_item"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]
    source: Mapped[str]
    reason: Mapped[str]
    size: Mapped[int]
    digest: Mapped[int]
    expires_at: Mapped[datetime]
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    attempts: Mapped[int] = mapped_column(server_default="0")
    resolved_at: Mapped[datetime | None]
    resolved_as: Mapped[int | None]
    shredding: Mapped[int | None]

    __table_args__ = (Index("ix_quarantine_item_digest", "org_id", "digest"),)

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


NOT_SHREDDING = QuarantineRow.shredding.is_(None)
_WAITING = (QuarantineRow.resolved_at.is_(None), NOT_SHREDDING)


class ClearItem(msgspec.Struct, frozen=True):
    """The half of an item that is readable, in the order of canonical JSON."""

    actor: str
    digest: int
    expires_at: datetime
    reason: str
    received_at: datetime
    seq: int
    size: int
    source: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """An item with its bytes opened."""

    row: QuarantineRow
    raw: bytes


def keep(tx: Tx, arrivals: Sequence[Arrival], actors: Sequence[str]) -> list[Outcome]:
    """Keep what can't be read; the same bytes again change nothing."""
    return [_keep_one(tx, arrival, actor) for arrival, actor in zip(arrivals, actors, strict=True)]


def _keep_one(tx: Tx, arrival: Arrival, actor: str) -> Outcome:
    digest = hashes_of(tx).raw(arrival.raw)
    reason = arrival.problem or "the item can't be read"
    known = select(QuarantineRow.seq).where(QuarantineRow.digest == digest, NOT_SHREDDING)
    seen = tx.session.scalar(known.limit(1))
    if seen is not None:
        return Outcome("quarantined", seen, reason=reason)
    expires_at = dated(arrival.received_at, arrival.received_at, _period(tx))
    key = tx.key(Purpose.records_expiring(expires_at))
    seq = tx.take_serials(1)[0]
    clear = ClearItem(
        actor, digest, expires_at, reason, arrival.received_at, seq, len(arrival.raw), arrival.source, tx.now
    )
    commit, sealed = _seal(tx, clear, arrival.raw, key)
    row = (
        *(seq, to_micros(arrival.received_at), arrival.source, reason, len(arrival.raw), digest),
        *(to_micros(expires_at), key.id, sealed),
    )
    insert_items(tx, [row])
    tx.add_entries([(seq, KEPT, to_micros(tx.now), actor, commit)])
    return Outcome("quarantined", seq, reason=reason)


def _period(tx: Tx) -> Period:
    """Nobody knows yet which number or campaign it is about: the organisation's own policy, as for everything."""
    return next(policy.period for policy in policies_in_force(tx) if policy.scope == EVERYTHING)


def insert_items(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows in the order of (seq, received_at, source, reason, size, digest, expires_at, key_id, sealed)."""
    tx.insert(_table(), _COLUMNS, rows)


def open_items(tx: Tx, limit: int = 200, before: int | None = None) -> Sequence[QuarantineRow]:
    """What waits for a decision, newest first; of those before a sequence number."""
    waiting = select(QuarantineRow).where(*_WAITING)
    if before is not None:
        waiting = waiting.where(QuarantineRow.seq < before)
    return tx.session.scalars(waiting.order_by(QuarantineRow.seq.desc()).limit(limit)).all()


def open_serials(tx: Tx, limit: int) -> Sequence[int]:
    """Sequence numbers of what waits, those tried least often first, so that each has its turn."""
    waiting = select(QuarantineRow.seq).where(*_WAITING)
    return tx.session.scalars(waiting.order_by(QuarantineRow.attempts, QuarantineRow.seq).limit(limit)).all()


def count_open(tx: Tx) -> int:
    waiting = select(func.count()).select_from(QuarantineRow).where(*_WAITING)
    return tx.session.scalar(waiting) or 0


def read_item(tx: Tx, seq: int) -> Item:
    row = tx.session.scalars(select(QuarantineRow).where(QuarantineRow.seq == seq, NOT_SHREDDING)).one_or_none()
    if row is None:
        raise NotFound(f"There is no quarantined item {seq}.", "`/quarantine` lists those that there are.")
    key = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    if key is None:
        raise Damaged(f"The key of quarantined item {seq} is destroyed, but the item is still here.")
    content = key.open(row.sealed, place(tx.org_id, seq))[SALT_BYTES:]
    return Item(row, b64decode(msgspec.json.decode(content)["raw"]))


def demand_open(row: QuarantineRow) -> None:
    if row.resolved_at is not None:
        became = "no text, and what it says is noted" if row.resolved_as is None else f"message {row.resolved_as}"
        raise Conflict(f"Item {row.seq} was retried already; it became {became}.", "Open that message.")


class QuarantineKeeper:
    """What `verify` needs to know of the table."""

    def rows(self, tx: Tx, after: int, through: int) -> Sequence[Sequence[Any]]:
        columns = ("seq", "key_id", "sealed", "digest", "expires_at", "reason", "received_at", "size", "source")
        return tx.scan(_table(), columns, after, through)

    def clear(self, row: Sequence[Any], actor: str, at: int) -> bytes:
        seq, _key, _sealed, digest, expires_at, reason, received_at, size, source = row
        expires, received, stored = map(from_micros, (expires_at, received_at, at))
        return encode(ClearItem(actor, digest, expires, reason, received, seq, size, source, stored))


def _seal(tx: Tx, clear: ClearItem, raw: bytes, key: SealingKey) -> tuple[bytes, bytes]:
    salt = os.urandom(SALT_BYTES)
    content = encode({"raw": b64encode(raw).decode()})
    return commitment(salt, encode(clear), content), key.seal(salt + content, place(tx.org_id, clear.seq))


def _table() -> Any:
    return QuarantineRow.__table__
