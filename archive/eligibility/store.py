"""The table of what administrators said; one row for an organisation."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.tx import Tx


class EligibilityRow(OfOrganisation, Base):
    """`entry`: the ledger entry that says the same."""

    __tablename__ = "eligibility"

    add_on: Mapped[bool | None]
    plan: Mapped[str | None]
    calling_plan: Mapped[str | None]
    entered_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(autoincrement=False)


def eligibility(tx: Tx) -> EligibilityRow | None:
    return tx.session.scalars(select(EligibilityRow)).one_or_none()
