"""API keys: how programs sign in. `ta_` and 43 url-safe characters, of which the last six or so are a check sum.

28 random bytes and their CRC-32 make 32 bytes. A mistyped or cut-off key is thus told apart from an unknown one without
asking the database, and secret scanners can match what they find. Only the SHA-256 is stored: with 224 random bits
there is nothing to guess, so no slow hash is needed.
"""

import hashlib
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar
from zlib import crc32

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.access.roles import EVERYTHING, Permission
from archive.core.errors import BadInput, NotFound, NotPermitted
from archive.core.ids import new_id
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.db.upsert import upsert_for
from archive.ledger.entry import Event
from archive.tx import Tx

ANY_SCOPE = "*"
NAME_LENGTH = 200
SHOWN = len("ta_") + 4
USED_EVERY = timedelta(minutes=1)
_RANDOM_BYTES = 28
_is_shaped = re.compile(r"ta_[A-Za-z0-9_-]{43}").fullmatch


class ApiKeyRow(OfOrganisation, Base):
    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(unique=True)
    prefix: Mapped[str]
    scopes: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def permissions(self) -> frozenset[Permission]:
        if self.scopes == ANY_SCOPE:
            return EVERYTHING
        return frozenset(Permission(name) for name in self.scopes.split(","))

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and not self.is_expired(now)

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class ApiKeyUseRow(OfOrganisation, Base):
    __tablename__ = "api_key_use"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "key_id"], ["api_key.org_id", "api_key.id"], ondelete="RESTRICT"),
        {"info": BOOKKEEPING},
    )

    key_id: Mapped[str] = mapped_column(primary_key=True)
    last_used_at: Mapped[datetime]


class ApiKeyMade(Event, frozen=True, kw_only=True):
    kind = "key.api-made"
    private: ClassVar[frozenset[str]] = frozenset({"name"})
    name: str
    scopes: list[str]
    expires_at: datetime | None = None


class ApiKeyRevoked(Event, frozen=True, kw_only=True):
    kind = "key.api-revoked"


def make_key(
    tx: Tx,
    *,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
    grantor: frozenset[Permission] = EVERYTHING,
) -> tuple[ApiKeyRow, str]:
    """A new key and its text, which is kept nowhere. Nobody gives a key more than they may themselves."""
    name, chosen = name.strip(), _known(scopes)
    if not 1 <= len(name) <= NAME_LENGTH:
        raise BadInput(f"A key's name has 1 to {NAME_LENGTH} characters.", "Name the program that will use it.")
    if expires_at and expires_at <= tx.now:
        raise BadInput("The key would be expired from the start.", "Choose a later day, or none.")
    wanted = EVERYTHING if chosen == [ANY_SCOPE] else frozenset(Permission(scope) for scope in chosen)
    if beyond := sorted(wanted - grantor):
        raise NotPermitted(
            f"You may not do this yourself: {', '.join(beyond)}.", "Ask somebody who may to make the key."
        )
    text = new_text()
    row = ApiKeyRow(
        org_id=tx.org_id,
        id=new_id("apk", tx.now),
        name=name,
        key_hash=hash_text(text),
        prefix=text[:SHOWN],
        scopes=",".join(chosen),
        created_at=tx.now,
        created_by=str(tx.actor),
        expires_at=expires_at,
    )
    tx.session.add(row)
    tx.record(ApiKeyMade(subject=row.id, name=name, scopes=chosen, expires_at=expires_at))
    return row, text


def revoke_key(tx: Tx, key_id: str) -> ApiKeyRow:
    """For good. Processes that have just seen the key forget it within `key_door.TRUSTED_SECONDS`."""
    row = tx.session.scalar(select(ApiKeyRow).where(ApiKeyRow.id == key_id))
    if row is None:
        raise NotFound("There is no such API key.", "The list of keys shows all of them.")
    if row.revoked_at is None:
        row.revoked_at = tx.now
        tx.record(ApiKeyRevoked(subject=row.id))
    return row


def list_keys(tx: Tx) -> list[ApiKeyRow]:
    """Newest first, the revoked ones too."""
    return list(tx.session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.id.desc())))


def last_uses(tx: Tx) -> dict[str, datetime]:
    """By key id."""
    return {row.key_id: row.last_used_at for row in tx.session.scalars(select(ApiKeyUseRow))}


def find_by_hash(session: Session, key_hash: bytes) -> ApiKeyRow | None:
    """In all organisations: the key is what says which one."""
    return session.scalar(select(ApiKeyRow).where(ApiKeyRow.key_hash == key_hash))


def note_use(session: Session, row: ApiKeyRow, now: datetime) -> None:
    """At most once a minute, whichever process asks; two that ask at once don't get into each other's way."""
    insert = upsert_for(session)(ApiKeyUseRow).values(org_id=row.org_id, key_id=row.id, last_used_at=now)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[ApiKeyUseRow.org_id, ApiKeyUseRow.key_id],
            set_={"last_used_at": now},
            where=ApiKeyUseRow.last_used_at <= now - USED_EVERY,
        )
    )


def new_text() -> str:
    random = os.urandom(_RANDOM_BYTES)
    return "ta_" + urlsafe_b64encode(random + crc32(random).to_bytes(4)).decode().rstrip("=")


def hash_text(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def is_whole(text: str) -> bool:
    """Whether this can be a key at all: its shape and check sum are right."""
    if not _is_shaped(text):
        return False
    whole = urlsafe_b64decode(text[3:] + "=")
    return crc32(whole[:_RANDOM_BYTES]).to_bytes(4) == whole[_RANDOM_BYTES:]


def _known(scopes: Iterable[str]) -> list[str]:
    chosen = sorted(set(scopes))
    if not chosen:
        raise BadInput("A key without a scope can do nothing.", "Choose at least one.")
    if unknown := [scope for scope in chosen if scope != ANY_SCOPE and scope not in set(Permission)]:
        raise BadInput(f"There is no scope {unknown[0]!r}.", f"Choose from {', '.join(Permission)}, or *.")
    return [ANY_SCOPE] if ANY_SCOPE in chosen else chosen
