"""The table of how many texts went out for a brand on a day, and the statements on it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.db.upsert import upsert_for
from archive.tx import Tx

BrandDay = tuple[str, date]


class BrandDayRow(OfOrganisation, Base):
    """`day`: as T-Mobile counts it. What is lost here is counted anew, and no more than flags depend on it."""

    __tablename__ = "brand_day"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "brand_id"], ["brand.org_id", "brand.id"], ondelete="RESTRICT"),
        {"info": BOOKKEEPING},
    )

    brand_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    texts: Mapped[int]


def sent_on(tx: Tx, days: Collection[BrandDay]) -> dict[BrandDay, int]:
    """Of those days on which anything went out."""
    wanted = select(BrandDayRow).where(
        BrandDayRow.brand_id.in_({brand for brand, _ in days}), BrandDayRow.day.in_({day for _, day in days})
    )
    return {(row.brand_id, row.day): row.texts for row in tx.session.scalars(wanted)}


def add_sent(tx: Tx, more: Mapping[BrandDay, int]) -> None:
    table: Any = BrandDayRow.__table__
    rows = [
        {"org_id": tx.org_id, "brand_id": brand, "day": day, "texts": count} for (brand, day), count in more.items()
    ]
    insert = upsert_for(tx.session)(BrandDayRow)
    counted = {"texts": table.c.texts + insert.excluded.texts}
    upsert = insert.on_conflict_do_update(index_elements=["org_id", "brand_id", "day"], set_=counted)
    tx.session.execute(upsert, rows)
