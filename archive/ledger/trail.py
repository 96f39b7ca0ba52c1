"""Reading the trail: who did what and when, newest first, with what a reader may see of the private half."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, select, text

from archive.core.canonical import parse_json
from archive.core.errors import Damaged
from archive.keys.envelope import SALT_BYTES, SealingKey
from archive.ledger.entry import Event, clear_of_event, commitment, place
from archive.ledger.rows import BY_SOMEBODY, NO_TEXT, WITH_SUBJECT, LedgerEntryRow
from archive.tx import Tx

TEXT_STORED = "message.stored"

State = Literal["none", "shown", "withheld", "destroyed", "broken"]

_NOTHING_PRIVATE = b"{}"
# Nonce, salt, tag of AES-GCM and the two brackets: what an envelope without private details measures.
_EMPTY_SIZE = 12 + SALT_BYTES + 16 + len(_NOTHING_PRIVATE)

_COLUMNS = (
    *(LedgerEntryRow.seq, LedgerEntryRow.kind, LedgerEntryRow.at, LedgerEntryRow.actor, LedgerEntryRow.subject),
    *(LedgerEntryRow.commitment, LedgerEntryRow.detail, LedgerEntryRow.key_id, LedgerEntryRow.sealed),
)


class TrailViewed(Event, frozen=True, kw_only=True):
    """Somebody read a page of the trail: which part of it, and whether private details were open to them."""

    kind = "trail.viewed"
    of_kind: str | None = None
    of_actor: str | None = None
    before: int | None = None
    details: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of one kind, of one actor, those before a sequence number. None is without condition."""

    kind: str | None = None
    actor: str | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """`private` is empty unless `state` is "shown"; "none" means that there is nothing private in it."""

    seq: int
    kind: str
    at: datetime
    actor: str
    subject: str | None
    detail: dict[str, Any]
    private: dict[str, Any]
    state: State


def read_trail(tx: Tx, wanted: Wanted, limit: int, *, details: bool) -> list[TrailEntry]:
    """Up to `limit` entries, newest first."""
    rows: Sequence[Row[Any]] = tx.session.execute(
        _chosen(wanted).order_by(LedgerEntryRow.seq.desc()).limit(limit)
    ).all()
    return _read(tx, rows, details=details)


def seqs_above(tx: Tx, wanted: Wanted, seq: int, limit: int) -> list[int]:
    """Sequence numbers of the page that ends just above `seq`, in order: fewer than `limit` if it is the newest."""
    newer = _chosen(Wanted(wanted.kind, wanted.actor)).with_only_columns(LedgerEntryRow.seq)
    newer = newer.where(LedgerEntryRow.seq > seq).order_by(LedgerEntryRow.seq).limit(limit)
    return list(tx.session.scalars(newer))


def entries_about(tx: Tx, subject: str, *, details: bool = False) -> list[TrailEntry]:
    """Everything that names `subject`, newest first."""
    wanted: Any = select(*_COLUMNS).where(LedgerEntryRow.subject == subject, text(WITH_SUBJECT))
    rows = tx.session.execute(wanted.order_by(LedgerEntryRow.seq.desc())).all()
    return _read(tx, rows, details=details)


def entries_numbered(tx: Tx, seqs: Sequence[int], *, details: bool = False) -> list[TrailEntry]:
    """Those with these sequence numbers, in order."""
    wanted: Any = select(*_COLUMNS).where(LedgerEntryRow.seq.in_(seqs)).order_by(LedgerEntryRow.seq)
    return _read(tx, tx.session.execute(wanted).all(), details=details)


def entries_of_kind(tx: Tx, kind: str, after: int, limit: int) -> list[TrailEntry]:
    """Up to `limit` behind entry `after`, in order, with what is private in them. Not for the kind of texts."""
    wanted: Any = select(*_COLUMNS).where(LedgerEntryRow.kind == kind, LedgerEntryRow.seq > after, text(NO_TEXT))
    return _read(tx, tx.session.execute(wanted.order_by(LedgerEntryRow.seq).limit(limit)).all(), details=True)


def _chosen(wanted: Wanted) -> Any:
    chosen: Any = select(*_COLUMNS)
    if wanted.before is not None:
        chosen = chosen.where(LedgerEntryRow.seq < wanted.before)
    if wanted.kind is not None:
        chosen = chosen.where(LedgerEntryRow.kind == wanted.kind)
        chosen = chosen.where(text(NO_TEXT)) if wanted.kind != TEXT_STORED else chosen
    if wanted.actor is not None:
        chosen = chosen.where(LedgerEntryRow.actor == wanted.actor)
        chosen = chosen.where(text(f"({BY_SOMEBODY})")) if wanted.actor.startswith("person:") else chosen
    return chosen


def _read(tx: Tx, rows: Sequence[Row[Any]], *, details: bool) -> list[TrailEntry]:
    keys: dict[int, SealingKey | None] = {}
    for row in rows:
        if details and row.key_id is not None and row.key_id not in keys:
            keys[row.key_id] = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    return [_entry(tx.org_id, row, keys if details else None) for row in rows]


def _entry(org_id: int, row: Row[Any], keys: dict[int, SealingKey | None] | None) -> TrailEntry:
    """`keys`: those of the rows, None where destroyed; or None where the reader may not see private details."""
    state, private = _private(org_id, row, keys)
    detail = parse_json(row.detail) if row.detail else {}
    return TrailEntry(row.seq, row.kind, row.at, row.actor, row.subject, detail, private, state)


def _private(org_id: int, row: Row[Any], keys: dict[int, SealingKey | None] | None) -> tuple[State, dict[str, Any]]:
    if row.sealed is None or len(row.sealed) == _EMPTY_SIZE:
        return "none", {}
    if keys is None:
        return "withheld", {}
    key = keys[row.key_id]
    if key is None:
        return "destroyed", {}
    try:
        opened = key.open(row.sealed, place(org_id, row.seq))
    except Damaged:
        return "broken", {}
    salt, private = opened[:SALT_BYTES], opened[SALT_BYTES:]
    clear = clear_of_event(row.actor, row.subject, row.detail.encode())
    if not hmac.compare_digest(commitment(salt, clear, private), row.commitment):
        return "broken", {}
    return "shown", parse_json(private)
