"""The recovery copy of the master key: without the key everything sealed is lost, so somebody confirms having a copy.

The confirmation is tied to the key by a fingerprint, and asks for the key itself: a box that is merely ticked helps
nobody in the worst hour.
"""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.core.errors import BadInput
from archive.db.base import BOOKKEEPING, Base
from archive.keys.local_kms import parse_master_key

GROUP = 4


class RecoveryConfirmedRow(Base):
    """Somebody has shown to hold a copy of the key with this fingerprint. Of no organisation: it is the key of all."""

    __tablename__ = "recovery_confirmed"
    __table_args__ = ({"info": BOOKKEEPING},)

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    confirmed_at: Mapped[datetime]


def fingerprint(master: bytes) -> str:
    """Names a master key without telling anything about it."""
    return hashlib.sha256(b"textarchive master key\0" + master).hexdigest()[:16]


def printable(master: bytes) -> str:
    """For paper: sixteen groups of four digits."""
    digits = master.hex()
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))


def confirm(session: Session, master: bytes, typed: str, now: datetime) -> None:
    """Raises `BadInput` unless `typed` is the master key."""
    if not hmac.compare_digest(parse_master_key(typed), master):
        raise BadInput("This is a master key, but not the one of this archive.", "Type the copy of the right one.")
    session.merge(RecoveryConfirmedRow(fingerprint=fingerprint(master), confirmed_at=now))


def confirmed_at(session: Session, master: bytes) -> datetime | None:
    mine = select(RecoveryConfirmedRow.confirmed_at).where(RecoveryConfirmedRow.fingerprint == fingerprint(master))
    return session.scalar(mine)
