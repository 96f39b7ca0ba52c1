"""The keys of each organisation: one a UTC day of expiry for records, one a year for the audit trail, one for what each
hold keeps beyond its day, one for the words of each matter, one for each Letter of Authorization, some for good.

Only wrapped keys are stored. An open key stays in memory for some minutes, so that KMS is not asked for each text.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.core.clock import DAY
from archive.core.errors import Damaged
from archive.core.ids import random_key_number
from archive.db.base import Base, OfOrganisation
from archive.keys.envelope import SealingKey
from archive.keys.wrapping import KeyWrapper

OPEN_SECONDS = 300.0
DAY_KEY = "day"
REPORTS_KEY = "spam"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a key is for: (`day`, `2027-12-28`), (`audit`, `2026`), (`hash`, ``), (`sign`, ``),
    (`saved`, ``), (`opt-outs`, ``), (`drafts`, ``), (`providers`, ``), (`spam`, `2026-11`).
    """

    name: str
    period: str = ""

    @classmethod
    def records_expiring(cls, on: date) -> "Purpose":
        """`on`: the UTC day, or a moment of it."""
        return cls(DAY_KEY, on.strftime("%Y-%m-%d"))

    @classmethod
    def held_by(cls, hold_id: str) -> "Purpose":
        """What a hold keeps beyond its day, so that the day's own key can go."""
        return cls("hold", hold_id)

    @classmethod
    def matter(cls, matter_id: str) -> "Purpose":
        """The words of a matter and of its holds, which may name people."""
        return cls("matter", matter_id)

    @classmethod
    def letter(cls, letter_id: str) -> "Purpose":
        """Who signed a Letter of Authorization, its words and its file."""
        return cls("letter", letter_id)

    @classmethod
    def reports_of(cls, at: datetime) -> "Purpose":
        """Spam reports of one UTC month, which are destroyed together."""
        return cls(REPORTS_KEY, at.strftime("%Y-%m"))

    @classmethod
    def trail_of(cls, at: datetime) -> "Purpose":
        return cls("audit", at.strftime("%Y"))

    def may_end_soon(self, now: datetime) -> bool:
        """Whether its key may be destroyed while another process remembers it: the day is over, or will be tomorrow."""
        return self.name == "hold" or (self.name == DAY_KEY and self.period <= (now + DAY).strftime("%Y-%m-%d"))


HASHES = Purpose("hash")
SIGNING = Purpose("sign")
SAVED = Purpose("saved")
OPT_OUTS = Purpose("opt-outs")
DRAFTS = Purpose("drafts")
PROVIDERS = Purpose("providers")
"""Secrets of provider accounts, and what a registry said word for word."""


class DataKeyRow(OfOrganisation, Base):
    """One wrapped key. Destroyed means that `wrapped` is gone; the row stays to say so."""

    __tablename__ = "data_key"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(index=True)
    period: Mapped[str]
    wrapped: Mapped[bytes | None]
    made_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


def purposes(session: Session, org_id: int) -> dict[int, Purpose]:
    """What each key of an organisation is for, destroyed ones too."""
    columns = select(DataKeyRow.id, DataKeyRow.purpose, DataKeyRow.period)
    rows = session.execute(columns.where(DataKeyRow.org_id == org_id))
    return {key_id: Purpose(name, period) for key_id, name, period in rows}


def destroyed_keys(session: Session, org_id: int) -> dict[int, Purpose]:
    """What each of those was for."""
    columns = select(DataKeyRow.id, DataKeyRow.purpose, DataKeyRow.period)
    rows = session.execute(columns.where(DataKeyRow.org_id == org_id, DataKeyRow.wrapped.is_(None)))
    return {key_id: Purpose(name, period) for key_id, name, period in rows}


class Keyring:
    """Opens and makes keys through one wrapper. Safe to share between threads."""

    def __init__(self, wrapper: KeyWrapper, timer: Callable[[], float] = time.monotonic) -> None:
        self._wrapper = wrapper
        self._timer = timer
        self._open: dict[int, tuple[float, SealingKey]] = {}
        self._current: dict[tuple[int, Purpose], tuple[float, SealingKey]] = {}

    @property
    def wrapper(self) -> KeyWrapper:
        """For the few secrets that belong to the whole system and to no organisation."""
        return self._wrapper

    def find(self, session: Session, org_id: int, purpose: Purpose, now: datetime | None = None) -> SealingKey | None:
        """The living key for a purpose, or None if it was not made yet.

        Remembered for some minutes once it was read, which is safe: what is near its end at `now` is always looked up,
        and a key that was just made (and may yet be rolled back) is never remembered here.
        """
        if now is not None and purpose.may_end_soon(now):
            return self._read(session, org_id, purpose)
        known = self._current.get((org_id, purpose))
        if known and known[0] > self._timer():
            return known[1]
        key = self._read(session, org_id, purpose)
        if key:
            self._current[org_id, purpose] = (self._timer() + OPEN_SECONDS, key)
        return key

    def _read(self, session: Session, org_id: int, purpose: Purpose) -> SealingKey | None:
        row = session.execute(
            select(DataKeyRow).where(
                DataKeyRow.org_id == org_id,
                DataKeyRow.purpose == purpose.name,
                DataKeyRow.period == purpose.period,
                DataKeyRow.destroyed_at.is_(None),
            )
        ).scalar_one_or_none()
        return self._opened(row) if row else None

    def make(self, session: Session, org_id: int, purpose: Purpose, now: datetime) -> SealingKey:
        """A new key. The caller holds the organisation's ledger head, so no two are made for one purpose."""
        key = SealingKey(random_key_number(), os.urandom(32))
        wrapped = self._wrapper.wrap(key.secret, _context(org_id, key.id, purpose))
        session.add(
            DataKeyRow(
                org_id=org_id, id=key.id, purpose=purpose.name, period=purpose.period, wrapped=wrapped, made_at=now
            )
        )
        session.flush()
        return key

    def by_id(self, session: Session, org_id: int, key_id: int) -> SealingKey | None:
        """The key that a row was sealed under; None once it is destroyed."""
        cached = self._open.get(key_id)
        if cached and cached[0] > self._timer():
            return cached[1]
        row = session.execute(
            select(DataKeyRow).where(DataKeyRow.org_id == org_id, DataKeyRow.id == key_id)
        ).scalar_one_or_none()
        if row is None:
            raise Damaged(f"The key {key_id} is not in the keyring.", "Restore the keys from their backup.")
        return None if row.wrapped is None else self._opened(row)

    def destroy(self, session: Session, org_id: int, key_id: int, now: datetime) -> Purpose:
        """What it was for. Until the commit others may open it anew: `forget` it again after that."""
        row = session.execute(
            select(DataKeyRow).where(DataKeyRow.org_id == org_id, DataKeyRow.id == key_id)
        ).scalar_one()
        row.wrapped, row.destroyed_at = None, now
        session.flush()
        self.forget(key_id)
        return Purpose(row.purpose, row.period)

    def forget(self, key_id: int) -> None:
        """Keep it open in this process no longer."""
        self._open.pop(key_id, None)
        self._current = {name: known for name, known in self._current.items() if known[1].id != key_id}

    def _opened(self, row: DataKeyRow) -> SealingKey:
        cached = self._open.get(row.id)
        if cached and cached[0] > self._timer():
            return cached[1]
        assert row.wrapped is not None
        secret = self._wrapper.unwrap(row.wrapped, _context(row.org_id, row.id, Purpose(row.purpose, row.period)))
        key = SealingKey(row.id, secret)
        self._open[row.id] = (self._timer() + OPEN_SECONDS, key)
        return key


def _context(org_id: int, key_id: int, purpose: Purpose) -> str:
    return f"organisation {org_id}, key {key_id}, {purpose.name} {purpose.period}".strip()
