"""The secret that signs form tokens and notices in the cookie of a browser. One for the whole system, kept wrapped."""

import os

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.db.base import BOOKKEEPING, Base
from archive.db.upsert import upsert_for
from archive.keys.keyring import Keyring
from archive.tx import Transactions

_CONTEXT = "system secret"


class SystemSecretRow(Base):
    """One row, made at the first start. Of no organisation: it is needed before anybody has said who they are."""

    __tablename__ = "system_secret"
    __table_args__ = ({"info": BOOKKEEPING},)

    name: Mapped[str] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]


def derive_secret(transactions: Transactions, keyring: Keyring, use: str) -> bytes:
    """32 bytes for one use, the same in every process of this archive."""
    with transactions.glance() as session:
        wrapped = _read(session)
    if wrapped is None:
        wrapped = _make(transactions, keyring)
    secret = keyring.wrapper.unwrap(wrapped, _CONTEXT)
    return HKDF(SHA256(), length=32, salt=None, info=use.encode()).derive(secret)


def _make(transactions: Transactions, keyring: Keyring) -> bytes:
    """Several processes may start at once: the first one's secret stays, and all read it back."""
    wrapped = keyring.wrapper.wrap(os.urandom(32), _CONTEXT)
    with transactions.across() as session:
        insert = upsert_for(session)(SystemSecretRow).values(name=_CONTEXT, wrapped=wrapped)
        session.execute(insert.on_conflict_do_nothing())
        kept = _read(session)
    assert kept is not None
    return kept


def _read(session: Session) -> bytes | None:
    return session.scalar(select(SystemSecretRow.wrapped).where(SystemSecretRow.name == _CONTEXT))
