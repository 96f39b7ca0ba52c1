"""Lets API keys in, quickly: a key that was found good is trusted for a few seconds without asking the database.

So 2,000 requests a second cost one look-up every three. A revoked key is refused at once by the process that revoked it
and within `TRUSTED_SECONDS` by all others; an expiry is checked each time. Unknown keys are never remembered.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from archive.access.api_keys import USED_EVERY, ApiKeyRow, find_by_hash, hash_text, is_whole, note_use
from archive.core.errors import NotSignedIn
from archive.tx import Transactions

TRUSTED_SECONDS = 3.0
_MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class _Known:
    row: ApiKeyRow
    until: float
    used_at: datetime


class KeyDoor:
    """One for each process. Safe to share between threads."""

    def __init__(self, transactions: Transactions, timer: Callable[[], float] = time.monotonic) -> None:
        self._transactions = transactions
        self._timer = timer
        self._known: dict[bytes, _Known] = {}

    def admit(self, text: str) -> ApiKeyRow:
        """The key that `text` is; raises `NotSignedIn` saying what is wrong with it."""
        key_hash = hash_text(text)
        now = self._transactions.clock()
        known = self._known.get(key_hash)
        if known is None or known.until <= self._timer():
            known = self._look_up(text, key_hash, now)
        if known.row.is_expired(now):
            raise NotSignedIn("The API key has expired.", "Have an administrator make a new one.")
        if now - known.used_at >= USED_EVERY:
            self._note_use(known, now)
        return known.row

    def forget(self, key_hash: bytes) -> None:
        """The key was revoked here."""
        self._known.pop(key_hash, None)

    def _look_up(self, text: str, key_hash: bytes, now: datetime) -> _Known:
        if not is_whole(text):
            raise NotSignedIn(
                "This is not a whole API key: it was mistyped or cut off.",
                "A key is ta_ and 43 characters; copy it again, without spaces or quotes.",
            )
        before = self._known.pop(key_hash, None)
        with self._transactions.glance() as session:
            row = find_by_hash(session, key_hash)
        if row is None:
            raise NotSignedIn("There is no such API key.", "Have an administrator make one under API keys.")
        if row.revoked_at:
            raise NotSignedIn("The API key is revoked.", "Have an administrator make a new one.")
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        used_at = before.used_at if before else now - USED_EVERY
        known = self._known[key_hash] = _Known(row, self._timer() + TRUSTED_SECONDS, used_at)
        return known

    def _note_use(self, known: _Known, now: datetime) -> None:
        known.used_at = now
        with self._transactions.across() as session:
            note_use(session, known.row, now)
