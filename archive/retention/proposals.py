"""Changes of policy that wait for a second person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.retention.model import Scope
from archive.retention.period import Period
from archive.tx import Tx


class ProposalRow(OfOrganisation, Base):
    """`version`: the policy that came of it; None while it waits, or if it was refused."""

    __tablename__ = "retention_proposal"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    campaign: Mapped[str | None]
    days: Mapped[int | None]
    years: Mapped[int | None]
    existing: Mapped[bool]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    version: Mapped[int | None]

    @property
    def scope(self) -> Scope:
        return Scope(self.number, self.campaign)

    @property
    def period(self) -> Period:
        return Period(self.days, self.years)

    @property
    def is_open(self) -> bool:
        return self.decided_at is None


def all_proposals(tx: Tx) -> Sequence[ProposalRow]:
    """Newest first."""
    return tx.session.scalars(select(ProposalRow).order_by(ProposalRow.id.desc())).all()


def proposal_row(tx: Tx, proposal_id: str) -> ProposalRow | None:
    return tx.session.scalars(select(ProposalRow).where(ProposalRow.id == proposal_id)).one_or_none()
