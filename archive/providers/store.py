"""The tables of provider accounts: who is connected, and what came in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, case, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.core.clock import to_micros
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.db.upsert import upsert_for
from archive.tx import Tx

HOUR_MICROS = 3_600_000_000


class ProviderAccountRow(OfOrganisation, Base):
    """An account at a provider. Its secret is sealed; while it is being changed the one before is valid as well, until
    `before_until_at`.

    Two organisations may name the same account: whose a request is, its signature says.
    """

    __tablename__ = "provider_account"
    __table_args__ = (Index("ix_provider_account_name", "provider", "account"),)

    provider: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    before: Mapped[bytes | None]
    before_until_at: Mapped[datetime | None]
    connected_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    entry: Mapped[int]


class ProviderReadingRow(OfOrganisation, Base):
    """By what the archive may read an account's list of texts: sealed, JSON of names and values.

    Where access tokens are handed out, the newest is among them, good until `token_until_at`.
    """

    __tablename__ = "provider_reading"

    provider: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[int]
    sealed: Mapped[bytes]
    token_until_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    entry: Mapped[int]


class ProviderTrafficRow(OfOrganisation, Base):
    """What came in for an account: counted, nothing more.

    `hour` is the one (since 1970) in which something was accepted last: `this_hour` is how much in it, and
    `hour_before` how much in the one before."""

    __tablename__ = "provider_traffic"
    __table_args__ = ({"info": BOOKKEEPING},)

    provider: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    accepted: Mapped[int]
    accepted_at: Mapped[datetime | None]
    rejected: Mapped[int]
    rejected_at: Mapped[datetime | None]
    hour: Mapped[int]
    this_hour: Mapped[int]
    hour_before: Mapped[int]


def all_accounts(tx: Tx) -> Sequence[ProviderAccountRow]:
    wanted = select(ProviderAccountRow).where(ProviderAccountRow.ended_at.is_(None))
    return tx.session.scalars(wanted.order_by(ProviderAccountRow.provider, ProviderAccountRow.account)).all()


def account_of(tx: Tx, provider: str, account: str) -> ProviderAccountRow | None:
    """Also one that was ended."""
    wanted = select(ProviderAccountRow).where(
        ProviderAccountRow.provider == provider, ProviderAccountRow.account == account
    )
    return tx.session.scalars(wanted).one_or_none()


def accounts_named(session: Session, provider: str, account: str) -> Sequence[ProviderAccountRow]:
    """Of all organisations: who asks is not known yet."""
    wanted = select(ProviderAccountRow).where(
        ProviderAccountRow.provider == provider,
        ProviderAccountRow.account == account,
        ProviderAccountRow.ended_at.is_(None),
    )
    return session.scalars(wanted.order_by(ProviderAccountRow.org_id)).all()


def reading_of(tx: Tx, provider: str, account: str) -> ProviderReadingRow | None:
    return tx.session.get(ProviderReadingRow, (tx.org_id, provider, account))


def all_readings(tx: Tx) -> Sequence[ProviderReadingRow]:
    return tx.session.scalars(select(ProviderReadingRow)).all()


def traffic(tx: Tx) -> dict[tuple[str, str], ProviderTrafficRow]:
    return {(row.provider, row.account): row for row in tx.session.scalars(select(ProviderTrafficRow))}


def count(session: Session, org_id: int, provider: str, account: str, what: str, now: datetime, times: int = 1) -> None:
    """`what`: accepted or rejected."""
    table: Any = ProviderTrafficRow.__table__
    moments = {"accepted_at": None, "rejected_at": None, f"{what}_at": now}
    counts = {"accepted": 0, "rejected": 0, "hour": 0, "this_hour": 0, "hour_before": 0, what: times}
    hourly = _hourly(table, times, hour_of(now)) if what == "accepted" else {}
    first = {**moments, **counts, **({"hour": hour_of(now), "this_hour": times} if hourly else {})}
    insert = upsert_for(session)(ProviderTrafficRow).values(org_id=org_id, provider=provider, account=account, **first)
    again = {what: table.c[what] + times, f"{what}_at": now, **hourly}
    session.execute(insert.on_conflict_do_update(index_elements=["org_id", "provider", "account"], set_=again))


def hour_of(moment: datetime) -> int:
    return to_micros(moment) // HOUR_MICROS


def _hourly(table: Any, times: int, hour: int) -> dict[str, Any]:
    """As the hour goes on, and as a new one begins; after an hour in which nothing came none was before."""
    same, next_one = table.c.hour == hour, table.c.hour == hour - 1
    return {
        "hour": hour,
        "this_hour": case((same, table.c.this_hour + times), else_=times),
        "hour_before": case((same, table.c.hour_before), (next_one, table.c.this_hour), else_=0),
    }
