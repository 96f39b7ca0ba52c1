"""The table of reports on texts, and every statement on it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.tx import Tx

COLUMNS = (
    *("digest", "entry", "identity", "message", "place", "status", "provider", "account", "provider_id"),
    *("noted_at", "expires_at"),
)


class DeliveryRow(OfOrganisation, Base):
    """One report. What it says is in its ledger entry; here is by what it is found.

    `digest`: a keyed hash of all that was said, by which a repeat is known. `identity`: that of the text, of which its
    recipients are a part; `place`: which of them, from 0. `message` is null for an orphan, whose text has not come.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "message"], ["message.org_id", "message.seq"], ondelete="RESTRICT"),
        Index("ix_delivery_identity", "org_id", "identity"),
        Index("ix_delivery_message", "org_id", "message"),
    )

    digest: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry: Mapped[int]
    identity: Mapped[int]
    message: Mapped[int | None]
    place: Mapped[int]
    status: Mapped[str]
    provider: Mapped[str]
    account: Mapped[str]
    provider_id: Mapped[str]
    noted_at: Mapped[datetime]
    expires_at: Mapped[datetime]


_ORPHAN = DeliveryRow.message.is_(None)


def insert_reports(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows in the order of `COLUMNS`; moments in microseconds."""
    table: Any = DeliveryRow.__table__
    tx.insert(table, COLUMNS, rows)


def known_digests(tx: Tx, digests: Collection[int]) -> set[int]:
    return set(tx.session.scalars(select(DeliveryRow.digest).where(DeliveryRow.digest.in_(digests))))


def known_to_stand(tx: Tx, identities: Collection[int]) -> set[tuple[int, int, str]]:
    """(identity, place, status) of the reports on these texts."""
    wanted = select(DeliveryRow.identity, DeliveryRow.place, DeliveryRow.status)
    rows = tx.session.execute(wanted.where(DeliveryRow.identity.in_(identities)))
    return {(identity, place, status) for identity, place, status in rows}


def living(tx: Tx, serials: Collection[int]) -> set[int]:
    """Those of the texts that are still here."""
    return set(tx.session.scalars(select(MessageRow.seq).where(MessageRow.seq.in_(serials), NOT_SHREDDING)))


Name = tuple[str, str, str]
"""Provider, account, and the provider's id of a text."""


def names_of(tx: Tx, serials: Collection[int]) -> dict[int, Name]:
    """Of those of the texts that are still here."""
    wanted = select(MessageRow.seq, MessageRow.provider, MessageRow.account, MessageRow.provider_id)
    rows = tx.session.execute(wanted.where(MessageRow.seq.in_(serials), NOT_SHREDDING))
    return {seq: (provider, account or "", provider_id) for seq, provider, account, provider_id in rows}


def are_orphans(tx: Tx) -> bool:
    return tx.session.scalar(select(DeliveryRow.digest).where(_ORPHAN).limit(1)) is not None


def orphans_of(tx: Tx, identities: Collection[int]) -> dict[int, list[int]]:
    """identity → the ledger entries of the reports on a text that has not come."""
    wanted = select(DeliveryRow.identity, DeliveryRow.entry).where(_ORPHAN, DeliveryRow.identity.in_(identities))
    found: dict[int, list[int]] = {}
    for identity, entry in tx.session.execute(wanted.order_by(DeliveryRow.entry)):
        found.setdefault(identity, []).append(entry)
    return found


def give_text(tx: Tx, identity: int, serial: int) -> None:
    tx.session.execute(
        update(DeliveryRow).where(_ORPHAN, DeliveryRow.identity == identity).values(message=serial),
        execution_options={"synchronize_session": False},
    )


def reports_on(tx: Tx, serial: int) -> Sequence[DeliveryRow]:
    wanted = select(DeliveryRow).where(DeliveryRow.message == serial)
    return tx.session.scalars(wanted.order_by(DeliveryRow.entry)).all()


def reports_among(tx: Tx, serials: Collection[int]) -> list[tuple[int, int]]:
    """(text, ledger entry) of each report on one of these texts."""
    wanted = select(DeliveryRow.message, DeliveryRow.entry).where(DeliveryRow.message.in_(serials))
    return [(message, entry) for message, entry in tx.session.execute(wanted) if message is not None]


def told_of(tx: Tx, after: int, limit: int) -> Sequence[int]:
    """Up to `limit` texts behind one, ascending, of which something was said."""
    wanted = select(DeliveryRow.message).distinct().where(DeliveryRow.message > after)
    return [serial for serial in tx.session.scalars(wanted.order_by(DeliveryRow.message).limit(limit)) if serial]


def orphans(tx: Tx, limit: int) -> Sequence[DeliveryRow]:
    """Newest first."""
    return tx.session.scalars(select(DeliveryRow).where(_ORPHAN).order_by(DeliveryRow.entry.desc()).limit(limit)).all()


def count_orphans(tx: Tx) -> int:
    """How many texts there must have been that are not here."""
    return tx.session.scalar(select(func.count(DeliveryRow.identity.distinct())).where(_ORPHAN)) or 0
