"""The table of alerts, and every statement on it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.alerts.model import Cause
from archive.db.base import Base, OfOrganisation
from archive.tx import Tx


class AlertRow(OfOrganisation, Base):
    """See `model.Alert`. `serials` as text, with spaces; `entry`: the ledger's that opened it, `through`: the last that
    is counted in it. `closing`:
    the one that closed it, in which the reason is sealed."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("org_id", "kind", "about", "day"),
        Index("ix_alert_closed_at", "org_id", "closed_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    about: Mapped[str]
    day: Mapped[date]
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    entry: Mapped[int]
    through: Mapped[int]
    count: Mapped[int]
    serials: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    closing: Mapped[int | None]


def alert_of(tx: Tx, cause: Cause, day: date) -> AlertRow | None:
    same = (AlertRow.kind == cause.kind, AlertRow.about == cause.about, AlertRow.day == day)
    return tx.session.scalars(select(AlertRow).where(*same)).one_or_none()


def alert_by_id(tx: Tx, alert_id: str) -> AlertRow | None:
    return tx.session.scalars(select(AlertRow).where(AlertRow.id == alert_id)).one_or_none()


def open_about(tx: Tx, cause: Cause) -> Sequence[AlertRow]:
    """Of any day."""
    same = (AlertRow.kind == cause.kind, AlertRow.about == cause.about, AlertRow.closed_at.is_(None))
    return tx.session.scalars(select(AlertRow).where(*same)).all()


def alerts(tx: Tx, *, closed: bool, limit: int) -> Sequence[AlertRow]:
    """The newest first: open ones by when it last happened, closed ones by when they were closed."""
    if closed:
        wanted = select(AlertRow).where(AlertRow.closed_at.is_not(None)).order_by(AlertRow.closed_at.desc())
    else:
        wanted = select(AlertRow).where(AlertRow.closed_at.is_(None)).order_by(AlertRow.last_at.desc())
    return tx.session.scalars(wanted.order_by(AlertRow.id).limit(limit)).all()


def count_open(tx: Tx) -> int:
    wanted = select(func.count()).select_from(AlertRow).where(AlertRow.closed_at.is_(None))
    return tx.session.scalar(wanted) or 0
