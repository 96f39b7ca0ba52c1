"""How long a text is kept. The date is written at intake and never computed again from what is configured later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.tx import Prepared, Tx

MINIMUM_RESIDENCY = timedelta(days=30)
"""Whatever the anchor says, a text stays this long after it came in: an old import is never purged that night."""


class RetentionPolicyRow(OfOrganisation, Base):
    """One version of an organisation's policy. The newest one is in force."""

    __tablename__ = "retention_policy"
    __table_args__ = (CheckConstraint("days >= 30", name="floor"),)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    days: Mapped[int]
    since: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Policy:
    version: int
    days: int


DEFAULT_POLICY = Policy(version=1, days=400)
"""In force until an organisation has decided something else."""


_NEWEST = Prepared(RetentionPolicyRow, "version", "days").newest("version")


def policy_in_force(tx: Tx) -> Policy:
    found = tx.fetch(_NEWEST)
    return Policy(*found[0]) if found else DEFAULT_POLICY


def policy_of(tx: Tx, version: int) -> Policy:
    """The version that a record was dated by."""
    row = tx.session.scalars(select(RetentionPolicyRow).where(RetentionPolicyRow.version == version)).one_or_none()
    return Policy(row.version, row.days) if row else DEFAULT_POLICY


def expiry(anchor_at: datetime, received_at: datetime, days: int) -> datetime:
    """`days` × 86,400 s after the anchor, but never sooner than the minimum residency after our door took it."""
    return max(anchor_at + timedelta(days=days), received_at + MINIMUM_RESIDENCY)
