"""The tables of what has arrived, as it was counted, and of how far that has got."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import BOOKKEEPING, Base, OfOrganisation


class CompletenessCountRow(OfOrganisation, Base):
    """How many texts of a cell (`model.Cell`) have ever arrived among the serials of one block.

    `repeated` of them have another text's name, so a provider counts them once. A cell without a number is of texts
    whose rows were gone before they were counted. `touched`: up to which ledger entry was counted when this last
    changed. It follows the ledger and can be made again, but of what was destroyed since.
    """

    __tablename__ = "completeness_count"
    __table_args__ = (Index("ix_completeness_count_day", "org_id", "day"), {"info": BOOKKEEPING})

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    arrived: Mapped[int]
    repeated: Mapped[int]
    touched: Mapped[int]


class CompletenessProgressRow(OfOrganisation, Base):
    """`counted`: the last ledger entry whose text is counted. `compared`: up to where days were compared. `block`: the
    next whose rows are counted again. `looked_at`: when all of that was last done.
    """

    __tablename__ = "completeness_progress"
    __table_args__ = ({"info": BOOKKEEPING},)

    counted: Mapped[int]
    compared: Mapped[int]
    block: Mapped[int]
    looked_at: Mapped[datetime | None]
