"""The tables of the record, and every statement on them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Index, Row, func, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.clock import to_micros
from archive.db.base import Base, OfOrganisation
from archive.ledger.rows import LedgerEntryRow
from archive.messages.blocks import block_of, blocks
from archive.retention.period import FLOOR_DAYS, MINIMUM_RESIDENCY
from archive.tx import Tx

_RESIDENCY_MICROS = int(MINIMUM_RESIDENCY.total_seconds()) * 1_000_000
_FLOOR_MICROS = FLOOR_DAYS * 86_400 * 1_000_000


class MessageRow(OfOrganisation, Base):
    """One text. Everything that a stranger could read something from is in `sealed`.

    All but four columns never change. `key_id` and `sealed` do when the same content is sealed under another key.
    `due_on` is the purge batch that looks at the text next, None for no batch while a hold keeps it beyond its time;
    it is for finding only. `shredding` is the ledger entry that began its destruction: from there on nobody reads it.
    """

    __tablename__ = "message"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    direction: Mapped[str]
    own_number: Mapped[str]
    provider: Mapped[str]
    account: Mapped[str | None]
    provider_id: Mapped[str]
    campaign: Mapped[str | None]
    conversation: Mapped[int]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    policy: Mapped[int]
    flags: Mapped[str]
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    due_on: Mapped[date | None]
    shredding: Mapped[int | None]

    __table_args__ = (
        Index("ix_message_due_on", "org_id", "due_on"),
        Index("ix_message_key_id", "org_id", "key_id"),
        CheckConstraint(f"expires_at >= received_at + {_RESIDENCY_MICROS}", name="minimum_residency"),
        CheckConstraint(
            # What it counts from is one of the two, and never the later one where that is not `received_at`.
            f"expires_at >= CASE WHEN sent_at < received_at THEN sent_at ELSE received_at END + {_FLOOR_MICROS}",
            name="retention_floor",
        ),
        {"sqlite_with_rowid": False},
    )


class MessagePartyRow(OfOrganisation, Base):
    """Who else took part in a text, as a keyed hash of the address: findable, not readable."""

    __tablename__ = "message_party"
    __table_args__ = ({"sqlite_with_rowid": False},)

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    party_key: Mapped[bytes] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


MESSAGE_COLUMNS = (
    *("seq", "direction", "own_number", "provider", "account", "provider_id", "campaign", "conversation"),
    *("sent_at", "received_at", "expires_at", "policy", "flags", "key_id", "sealed", "due_on"),
)


def insert_messages(tx: Tx, messages: Sequence[tuple[Any, ...]], parties: Sequence[tuple[bytes, int]]) -> None:
    """Rows in the order of `MESSAGE_COLUMNS`; (party key, seq).

    Hashes come in no order: sorted as their table is, each page of it is visited once a batch.
    """
    tables: tuple[Any, Any] = MessageRow.__table__, MessagePartyRow.__table__
    tx.insert(tables[0], MESSAGE_COLUMNS, messages)
    tx.insert(tables[1], ("block", "party_key", "seq"), sorted([(block_of(row[1]), *row) for row in parties]))


NOT_SHREDDING = MessageRow.shredding.is_(None)
"""Every reader has it in its condition: what is being destroyed is not shown, searched or counted any more."""

_RECORD = (
    *(
        MessageRow.account,
        LedgerEntryRow.actor,
        MessageRow.campaign,
        MessageRow.conversation,
        MessageRow.direction,
    ),
    *(MessageRow.expires_at, MessageRow.flags, MessageRow.own_number, MessageRow.policy, MessageRow.provider),
    *(MessageRow.provider_id, MessageRow.received_at, MessageRow.sent_at, MessageRow.seq, LedgerEntryRow.at),
    *(LedgerEntryRow.commitment, MessageRow.key_id, MessageRow.sealed),
)
"""The fifteen fields of `ClearRecord` in their order, then commitment, key and envelope."""


def _records() -> Any:
    return _all_records().where(NOT_SHREDDING)


def _all_records() -> Any:
    same = (LedgerEntryRow.org_id == MessageRow.org_id) & (LedgerEntryRow.seq == MessageRow.seq)
    return select(*_RECORD).join(LedgerEntryRow, same)


def records_by_serial(tx: Tx, serials: Sequence[int]) -> Sequence[Row[Any]]:
    rows: Sequence[Row[Any]] = tx.session.execute(_records().where(MessageRow.seq.in_(serials))).all()
    return rows


def records_even_if_shredding(tx: Tx, serials: Sequence[int]) -> Sequence[Row[Any]]:
    """Also those that are being destroyed: for saying what they are, never for showing them."""
    rows: Sequence[Row[Any]] = tx.session.execute(_all_records().where(MessageRow.seq.in_(serials))).all()
    return rows


def records_after(tx: Tx, after: int, through: int) -> Sequence[Row[Any]]:
    """All messages with `after` < serial ≤ `through`, in order."""
    wanted = _records().where(MessageRow.seq > after, MessageRow.seq <= through).order_by(MessageRow.seq)
    rows: Sequence[Row[Any]] = tx.session.execute(wanted).all()
    return rows


def took_part(tx: Tx, party_keys: Collection[bytes]) -> ColumnElement[bool]:
    """Rows of one of these parties."""
    return MessagePartyRow.block.in_(blocks(tx)) & MessagePartyRow.party_key.in_(party_keys)


def serials_with_party(tx: Tx, party_key: bytes) -> Iterator[int]:
    """Every message that a party took part in, oldest serial first."""
    wanted = select(MessagePartyRow.seq).where(took_part(tx, [party_key])).order_by(MessagePartyRow.seq)
    yield from tx.session.scalars(wanted)


def conversation_moments(tx: Tx, party_key: bytes, conversation: int) -> list[tuple[int, int]]:
    """(moment in microseconds, serial) of one conversation, in the order of time. `party_key`: any of its parties."""
    same = (MessagePartyRow.org_id == MessageRow.org_id) & (MessagePartyRow.seq == MessageRow.seq)
    rows = tx.session.execute(
        select(MessageRow.sent_at, MessageRow.received_at, MessageRow.seq)
        .join(MessagePartyRow, same)
        .where(took_part(tx, [party_key]), MessageRow.conversation == conversation, NOT_SHREDDING)
    )
    return sorted((to_micros(sent or received), seq) for sent, received, seq in rows)


def count_messages(tx: Tx, through: int | None = None) -> int:
    wanted = select(func.count()).select_from(MessageRow).where(NOT_SHREDDING)
    if through is not None:
        wanted = wanted.where(MessageRow.seq <= through)
    return tx.session.scalar(wanted) or 0
