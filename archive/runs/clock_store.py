"""The clock of the database, and the last moment at which all clocks agreed."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.core.clock import from_micros
from archive.db.base import BOOKKEEPING, Base
from archive.db.upsert import upsert_for

_LAST = "last"


class ClockSeenRow(Base):
    """One row: the last moment at which all clocks agreed."""

    __tablename__ = "clock_seen"
    __table_args__ = ({"info": BOOKKEEPING},)

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


def database_clock(session: Session) -> datetime:
    """What the database's own machine says; with SQLite that is this one."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    micros = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
    julian = "CAST((julianday('now') - 2440587.5) * 86400000000 AS integer)"
    return from_micros(session.scalars(text(f"SELECT {micros if postgresql else julian}")).one())


def last_seen(session: Session) -> datetime | None:
    return session.scalar(select(ClockSeenRow.seen_at))


def see(session: Session, now: datetime) -> None:
    insert = upsert_for(session)(ClockSeenRow).values(name=_LAST, seen_at=now)
    session.execute(insert.on_conflict_do_update(index_elements=[ClockSeenRow.name], set_={"seen_at": now}))
