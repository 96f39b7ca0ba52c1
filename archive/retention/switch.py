"""The switch that stops purging: for one organisation or for all, in the database, so that it works at once everywhere.

It is asked before every step. A batch that has begun stays as it is, hidden from everybody, and goes on later.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.access.organisations import list_organisations
from archive.core.actor import Actor
from archive.core.errors import BadInput, Conflict
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.ledger.entry import Event
from archive.tx import Transactions, Tx

REASON_LENGTH = 2_000
_EVERYWHERE = "everywhere"


class PurgeStopped(Conflict):
    """Somebody has stopped the purging."""

    slug = "purging-stopped"


class StopPurging(Event, frozen=True, kw_only=True):
    """`everywhere`: for all organisations, not only this one."""

    kind = "purge.stopped"
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    everywhere: bool
    reason: str


class ResumePurging(Event, frozen=True, kw_only=True):
    kind = "purge.resumed"
    everywhere: bool


class PurgeStopRow(OfOrganisation, Base):
    """There while purging is stopped for the organisation."""

    __tablename__ = "purge_stop"

    stopped_at: Mapped[datetime]
    stopped_by: Mapped[str]


class PurgeStopEverywhereRow(Base):
    """There while purging is stopped for all. Each organisation's ledger says so too, a moment later."""

    __tablename__ = "purge_stop_everywhere"
    __table_args__ = ({"info": BOOKKEEPING},)

    name: Mapped[str] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]
    stopped_by: Mapped[str]


@dataclass(frozen=True, slots=True)
class Stop:
    at: datetime
    by: str
    everywhere: bool

    def __str__(self) -> str:
        scope = "everywhere" if self.everywhere else "for this organisation"
        return f"Purging was stopped {scope} on {self.at:%Y-%m-%d %H:%M} UTC by {self.by}."


def stop_of(tx: Tx) -> Stop | None:
    """The one for all is named first."""
    if everywhere := _everywhere(tx.session):
        return Stop(everywhere.stopped_at, everywhere.stopped_by, everywhere=True)
    row = tx.session.scalars(select(PurgeStopRow)).one_or_none()
    return Stop(row.stopped_at, row.stopped_by, everywhere=False) if row else None


def demand_running(tx: Tx) -> None:
    """Raises `PurgeStopped`."""
    if stop := stop_of(tx):
        raise PurgeStopped(str(stop), "`textarchive purge resume` lets it go on; so does the page on retention.")


def stop_purging(tx: Tx, reason: str) -> None:
    demand_reason(reason)
    if tx.session.scalars(select(PurgeStopRow)).one_or_none():
        raise Conflict("Purging is stopped already.", "There is nothing to do.")
    tx.session.add(PurgeStopRow(org_id=tx.org_id, stopped_at=tx.now, stopped_by=str(tx.actor)))
    tx.record(StopPurging(everywhere=False, reason=reason.strip()))


def resume_purging(tx: Tx) -> None:
    row = tx.session.scalars(select(PurgeStopRow)).one_or_none()
    if row is None:
        raise Conflict("Purging is not stopped for this organisation.", "It may be stopped everywhere.")
    tx.session.delete(row)
    tx.record(ResumePurging(everywhere=False))


def stop_everywhere(transactions: Transactions, actor: Actor, reason: str) -> None:
    """It is stopped first and told to the ledgers after: nothing must go on meanwhile."""
    demand_reason(reason)
    with transactions.across() as session:
        if _everywhere(session):
            raise Conflict("Purging is stopped everywhere already.", "There is nothing to do.")
        now = transactions.clock()
        session.add(PurgeStopEverywhereRow(name=_EVERYWHERE, stopped_at=now, stopped_by=str(actor)))
    _tell(transactions, actor, StopPurging(everywhere=True, reason=reason.strip()))


def resume_everywhere(transactions: Transactions, actor: Actor) -> None:
    """Organisations that are stopped by themselves stay so."""
    with transactions.glance() as session:
        if not _everywhere(session):
            raise Conflict("Purging is not stopped everywhere.", "It may be stopped for some organisations.")
    _tell(transactions, actor, ResumePurging(everywhere=True))
    with transactions.across() as session:
        session.execute(delete(PurgeStopEverywhereRow))


def demand_reason(reason: str) -> None:
    if not 1 <= len(reason.strip()) <= REASON_LENGTH:
        raise BadInput(f"Stopping has a reason of 1 to {REASON_LENGTH:,} characters.", "Say why.")


def _everywhere(session: Session) -> PurgeStopEverywhereRow | None:
    return session.scalars(select(PurgeStopEverywhereRow)).one_or_none()


def _tell(transactions: Transactions, actor: Actor, event: Event) -> None:
    with transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        with transactions.write(row.id, actor) as tx:
            tx.record(event)
