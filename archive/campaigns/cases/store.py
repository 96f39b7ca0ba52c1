"""The tables of support cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.tx import Tx


class CaseRow(OfOrganisation, Base):
    """One case. `reference` is the provider's number of it, empty before it has one. `reminded_at`: when it last became
    known that it is late."""

    __tablename__ = "support_case"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "campaign_id"], ["campaign.org_id", "campaign.id"], ondelete="RESTRICT"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[str]
    reference: Mapped[str]
    state: Mapped[str]
    since_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    entry: Mapped[int]


class CaseStepRow(OfOrganisation, Base):
    """What became of a case, and what somebody wrote to it, sealed. Never changed. `state` is that from then on."""

    __tablename__ = "support_case_step"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "case_id"], ["support_case.org_id", "support_case.id"], ondelete="RESTRICT"),
    )

    case_id: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    state: Mapped[str]
    key_id: Mapped[int]
    sealed: Mapped[bytes]


def case_by_id(tx: Tx, case_id: str) -> CaseRow | None:
    return tx.session.scalars(select(CaseRow).where(CaseRow.id == case_id)).one_or_none()


def all_cases(tx: Tx, campaign_id: str | None = None) -> Sequence[CaseRow]:
    wanted = select(CaseRow).order_by(CaseRow.opened_at.desc(), CaseRow.id.desc())
    if campaign_id is not None:
        wanted = wanted.where(CaseRow.campaign_id == campaign_id)
    return tx.session.scalars(wanted).all()


def steps_of(tx: Tx, case_id: str) -> Sequence[CaseStepRow]:
    """Newest first."""
    wanted = select(CaseStepRow).where(CaseStepRow.case_id == case_id).order_by(CaseStepRow.entry.desc())
    return tx.session.scalars(wanted).all()
