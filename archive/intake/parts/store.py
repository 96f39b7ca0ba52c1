"""The table of pieces, and every statement on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.intake.parts.model import Piece
from archive.tx import Tx


class TextPartRow(OfOrganisation, Base):
    """See `model.Piece`. `digest` and `whole` are keyed hashes; the piece itself is in `sealed`, under the key of the
    day on which its text would expire. `settled_at`: when that was archived; `serial`: as which one, None where it is
    in quarantine."""

    __tablename__ = "text_part"
    __table_args__ = (
        Index("ix_text_part_whole", "org_id", "whole"),
        Index("ix_text_part_settled_at", "org_id", "settled_at", "received_at"),
    )

    digest: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    whole: Mapped[int]
    number: Mapped[int]
    total: Mapped[int]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    entry: Mapped[int]
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    settled_at: Mapped[datetime | None]
    alone: Mapped[bool]
    serial: Mapped[int | None]


def is_known(tx: Tx, digest: int) -> bool:
    return tx.session.scalar(select(TextPartRow.digest).where(TextPartRow.digest == digest)) is not None


def pieces_of(tx: Tx, whole: int) -> list[Piece]:
    rows = tx.session.scalars(select(TextPartRow).where(TextPartRow.whole == whole).order_by(TextPartRow.entry))
    return [_piece(row) for row in rows]


def rows_of(tx: Tx, pieces: Sequence[Piece]) -> list[TextPartRow]:
    """In the order of the pieces."""
    wanted = select(TextPartRow).where(TextPartRow.digest.in_([piece.digest for piece in pieces]))
    found = {row.digest: row for row in tx.session.scalars(wanted)}
    return [found[piece.digest] for piece in pieces]


def settle(tx: Tx, pieces: Sequence[Piece], serial: int | None, *, alone: bool) -> None:
    digests = [piece.digest for piece in pieces]
    change = update(TextPartRow).where(TextPartRow.digest.in_(digests))
    tx.session.execute(change.values(settled_at=tx.now, serial=serial, alone=alone))


def first_waiting(tx: Tx, before: datetime) -> Piece | None:
    """The first of those that wait since before a moment."""
    row = tx.session.scalars(_waiting(before).order_by(TextPartRow.received_at, TextPartRow.entry).limit(1)).first()
    return _piece(row) if row else None


def any_over(session: Session, waiting_since: datetime, settled_before: datetime) -> bool:
    """Of any organisation: whether a piece has waited long enough, or was remembered for long enough."""
    over = (_waiting(waiting_since), _settled(settled_before))
    return any(session.scalars(wanted.limit(1)).first() is not None for wanted in over)


def forget(tx: Tx, before: datetime) -> int:
    """Settled ones that came before a moment; how many."""
    digests = list(tx.session.scalars(_settled(before).with_only_columns(TextPartRow.digest)))
    if digests:
        gone: Any = delete(TextPartRow).where(TextPartRow.received_at < before, TextPartRow.settled_at.is_not(None))
        tx.session.execute(gone, execution_options={"synchronize_session": False})
    return len(digests)


def _waiting(before: datetime) -> Any:
    return select(TextPartRow).where(TextPartRow.settled_at.is_(None), TextPartRow.received_at <= before)


def _settled(before: datetime) -> Any:
    return select(TextPartRow).where(TextPartRow.settled_at.is_not(None), TextPartRow.received_at < before)


def _piece(row: TextPartRow) -> Piece:
    return Piece(
        row.digest,
        row.whole,
        row.number,
        row.total,
        row.at,
        row.received_at,
        row.entry,
        settled=row.settled_at is not None,
        alone=row.alone,
    )
