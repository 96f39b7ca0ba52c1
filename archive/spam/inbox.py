"""Where the public page puts what it is given, before anybody looks whose number it is about.

Whether we know the number can then be seen from neither the answer nor the time that it took: both are made in the same
way, and a job sorts out afterwards. All of it is sealed, under a key that belongs to no organisation.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.access.system_secret import derive_secret
from archive.access.throttle import count_report
from archive.core.clock import day_of
from archive.core.errors import NotReady
from archive.core.ids import new_id
from archive.db.base import BOOKKEEPING, Base
from archive.db.upsert import upsert_for
from archive.keys.envelope import SealingKey
from archive.keys.keyring import Keyring
from archive.tx import Transactions

MOST_WAITING = 20_000
"""Beyond that nothing is taken from anybody until the job has caught up."""

UNKNOWN_NUMBER, TRAP = "unknown-number", "trap"


class SpamInboxRow(Base):
    """Of no organisation: it is not known yet whose. Gone as soon as it is sorted."""

    __tablename__ = "spam_inbox"
    __table_args__ = ({"info": BOOKKEEPING},)

    id: Mapped[str] = mapped_column(primary_key=True)
    came_at: Mapped[datetime]
    sealed: Mapped[bytes]


class SpamDroppedRow(Base):
    """How many were dropped on a day, and why: about a number of no organisation here, or by a program in the trap."""

    __tablename__ = "spam_dropped"
    __table_args__ = ({"info": BOOKKEEPING},)

    day: Mapped[date] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class Filed(msgspec.Struct, frozen=True):
    """A report as the page read it. `own_number` is canonical, whoever's it is."""

    own_number: str
    reporter: str = ""
    email: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Inbox:
    """One for each process."""

    def __init__(self, transactions: Transactions, keyring: Keyring) -> None:
        self._transactions = transactions
        self._key = SealingKey(0, derive_secret(transactions, keyring, "spam inbox"))

    def put(self, filed: Filed, address: str) -> None:
        """Kept when this returns. Raises `ReportedTooOften`, or `NotReady` when too much waits."""
        now = self._transactions.clock()
        row_id = new_id("spi", now)
        sealed = self._key.seal(msgspec.json.encode(filed), row_id.encode())
        with self._transactions.across() as session:
            count_report(session, address, now)
            if count_waiting(session, MOST_WAITING) >= MOST_WAITING:
                raise NotReady("Too many reports are waiting.", "Nothing of this one was kept. Send it again later.")
            session.add(SpamInboxRow(id=row_id, came_at=now, sealed=sealed))

    def trapped(self, address: str) -> None:
        """A program has filled in what no person sees."""
        now = self._transactions.clock()
        with self._transactions.across() as session:
            count_report(session, address, now)
            drop(session, now, TRAP)

    def opened(self, row: SpamInboxRow) -> Filed:
        """Raises `Damaged`."""
        return msgspec.json.decode(self._key.open(row.sealed, row.id.encode()), type=Filed)


def waiting(session: Session, after: str, limit: int) -> Sequence[SpamInboxRow]:
    """The oldest first."""
    wanted = select(SpamInboxRow).where(SpamInboxRow.id > after).order_by(SpamInboxRow.id)
    return session.scalars(wanted.limit(limit)).all()


def count_waiting(session: Session, up_to: int) -> int:
    some = select(SpamInboxRow.id).limit(up_to).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def remove(session: Session, ids: Collection[str]) -> set[str]:
    """Those that were still there."""
    gone = delete(SpamInboxRow).where(SpamInboxRow.id.in_(ids)).returning(SpamInboxRow.id)
    return set(session.scalars(gone))


def drop(session: Session, now: datetime, why: str, count: int = 1) -> None:
    insert = upsert_for(session)(SpamDroppedRow).values(day=day_of(now), why=why, count=count)
    more = {"count": SpamDroppedRow.count + count}
    session.execute(insert.on_conflict_do_update(index_elements=[SpamDroppedRow.day, SpamDroppedRow.why], set_=more))


def dropped(session: Session) -> Sequence[SpamDroppedRow]:
    """The latest day first."""
    return session.scalars(select(SpamDroppedRow).order_by(SpamDroppedRow.day.desc(), SpamDroppedRow.why)).all()
