"""The table of gaps, open and closed, and every statement on it."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation


class CompletenessGapRow(OfOrganisation, Base):
    """See `model.Gap`. `serials` as JSON; `entry`: the ledger entry that opened it."""

    __tablename__ = "completeness_gap"
    __table_args__ = (Index("ix_completeness_gap_day", "org_id", "day"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[str]
    day: Mapped[date]
    provider: Mapped[str]
    account: Mapped[str]
    number: Mapped[str]
    direction: Mapped[str]
    block: Mapped[int | None]
    expected: Mapped[int]
    stored: Mapped[int]
    indexed: Mapped[int]
    missing: Mapped[int]
    serials: Mapped[str]
    opened_at: Mapped[datetime]
    entry: Mapped[int]
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    acknowledged_missing: Mapped[int | None]
