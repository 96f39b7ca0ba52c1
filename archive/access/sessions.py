"""Sessions live here, not in the cookie: they can be listed, and ended at once.

The cookie holds 256 random bits; the database holds their SHA-256, so that nobody can sign in with a copy of it.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKeyConstraint, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.core.errors import NotFound
from archive.core.ids import new_id
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.ledger.entry import Event
from archive.tx import Tx

IDLE = timedelta(minutes=30)
LIMIT = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""Being seen is written at most this often, so that a page costs no write; idle ends up to so much earlier."""

AGENT_LENGTH = 200


class SessionRow(OfOrganisation, Base):
    __tablename__ = "person_session"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "person_id"], ["person.org_id", "person.id"], ondelete="RESTRICT"),
        {"info": BOOKKEEPING},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str]
    agent: Mapped[str]


class SessionRevoked(Event, frozen=True, kw_only=True):
    kind = "session.revoked"
    session: str


def open_session(tx: Tx, person_id: str, *, address: str, agent: str) -> str:
    """The token for the cookie. Always a new one, so that nobody can be signed in to a session that they chose."""
    token = secrets.token_urlsafe(32)
    tx.session.add(
        SessionRow(
            org_id=tx.org_id,
            id=new_id("ses", tx.now),
            person_id=person_id,
            token_hash=_hash(token),
            created_at=tx.now,
            seen_at=tx.now,
            address=address,
            agent=agent[:AGENT_LENGTH],
        )
    )
    _sweep(tx)
    return token


def find_session(session: Session, token: str, now: datetime) -> SessionRow | None:
    """The living session of a token: used within the last half hour, begun within the last twelve."""
    row = session.scalar(select(SessionRow).where(SessionRow.token_hash == _hash(token)))
    return row if row and _lives(row, now) else None


def see(session: Session, row: SessionRow, now: datetime) -> None:
    """Used just now. Only ever forward, and never for a session that was ended meanwhile."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.org_id == row.org_id, SessionRow.id == row.id, SessionRow.seen_at < now)
        .values(seen_at=now)
    )


def should_be_seen(row: SessionRow, now: datetime) -> bool:
    return now - row.seen_at >= SEEN_EVERY


def list_sessions(tx: Tx, person_id: str | None = None) -> list[SessionRow]:
    """Open sessions, newest first; of everybody, or of one person."""
    rows = tx.session.scalars(select(SessionRow).order_by(SessionRow.id.desc()))
    return [row for row in rows if _lives(row, tx.now) and person_id in (None, row.person_id)]


def end_session(tx: Tx, session_id: str) -> None:
    """The person's own doing: signing out, or signing in again."""
    tx.session.execute(delete(SessionRow).where(SessionRow.id == session_id))


def end_sessions(tx: Tx, person_id: str) -> int:
    """All of a person's; how many were open."""
    count = len(list_sessions(tx, person_id))
    tx.session.execute(delete(SessionRow).where(SessionRow.person_id == person_id))
    return count


def revoke_session(tx: Tx, session_id: str, *, person_id: str) -> None:
    """Somebody ends one of the person's sessions from elsewhere. It is over with its next request."""
    row = tx.session.scalar(select(SessionRow).where(SessionRow.id == session_id, SessionRow.person_id == person_id))
    if row is None:
        raise NotFound("There is no such session.", "It may have ended already.")
    tx.session.delete(row)
    tx.record(SessionRevoked(subject=row.person_id, session=row.id))


def _lives(row: SessionRow, now: datetime) -> bool:
    return now - row.seen_at < IDLE and now - row.created_at < LIMIT


def _sweep(tx: Tx) -> None:
    over = or_(SessionRow.seen_at <= tx.now - IDLE, SessionRow.created_at <= tx.now - LIMIT)
    tx.session.execute(delete(SessionRow).where(over))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
