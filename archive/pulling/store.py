"""The table of how far the lists of accounts are read, and every statement on it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.providers.store import ProviderReadingRow
from archive.tx import Tx


class PullRow(OfOrganisation, Base):
    """How far the list of one account is read. Lost with the database it costs nothing but time: what is read again is
    known again.

    `turn`: who is at it, counted up by each; until `leased_until_at` nobody else may be. `through_at`: all before
    that is listed. From `since_at` to `until_at` is what is being listed, `at` where the present slice begins,
    `cursor` the page after which it goes on, `pages` how many that were. `tally`: what is counted of the present day
    and of the one before. `last`: the last run.
    """

    __tablename__ = "provider_pull"
    __table_args__ = ({"info": BOOKKEEPING},)

    provider: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    turn: Mapped[int]
    leased_until_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    through_at: Mapped[datetime | None]
    since_at: Mapped[datetime | None]
    until_at: Mapped[datetime | None]
    by_hand: Mapped[bool]
    slice_at: Mapped[datetime | None]
    cursor: Mapped[str | None]
    pages: Mapped[int]
    tally: Mapped[str]
    last: Mapped[str | None]


def pull_of(tx: Tx, provider: str, account: str) -> PullRow | None:
    return tx.session.get(PullRow, (tx.org_id, provider, account))


def all_pulls(tx: Tx) -> Sequence[PullRow]:
    return tx.session.scalars(select(PullRow)).all()


_READABLE = and_(
    PullRow.org_id == ProviderReadingRow.org_id,
    PullRow.provider == ProviderReadingRow.provider,
    PullRow.account == ProviderReadingRow.account,
)


def any_due(session: Session, now: datetime) -> bool:
    """In whatever organisation: one whose credentials are here, that is due or was never looked at."""
    readable = select(ProviderReadingRow.account).outerjoin(PullRow, _READABLE)
    return session.scalar(readable.where(_due(now)).limit(1)) is not None


def due(tx: Tx, now: datetime) -> list[tuple[str, str]]:
    """(provider, account) of those that are due."""
    readable = select(ProviderReadingRow.provider, ProviderReadingRow.account).outerjoin(PullRow, _READABLE)
    rows = tx.session.execute(readable.where(_due(now)).order_by(PullRow.due_at))
    return [(provider, account) for provider, account in rows]


def renew(session: Session, org_id: int, provider: str, account: str, turn: int, until: datetime) -> None:
    session.execute(
        update(PullRow)
        .where(PullRow.org_id == org_id, PullRow.provider == provider, PullRow.account == account, PullRow.turn == turn)
        .values(leased_until_at=until)
    )


def _due(now: datetime) -> ColumnElement[bool]:
    idle = or_(PullRow.leased_until_at.is_(None), PullRow.leased_until_at <= now)
    return or_(PullRow.account.is_(None), and_(PullRow.due_at <= now, idle))
