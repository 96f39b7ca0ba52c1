"""The tables by which a text sent twice is known, and every statement on them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.messages.blocks import block_of
from archive.tx import Prepared, Tx


class MessageIdentityRow(OfOrganisation, Base):
    """By what a text sent twice is known: a keyed hash of its provider's name for it, and one of its content.

    It outlives the text, so that what was destroyed does not come back by being sent again.
    """

    __tablename__ = "message_identity"
    __table_args__ = ({"sqlite_with_rowid": False},)

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    identity: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[int]


class IdentitySieveRow(OfOrganisation, Base):
    """What a full block holds, so that most of a batch need not be looked for there. Made of the table above."""

    __tablename__ = "message_identity_sieve"
    __table_args__ = ({"info": BOOKKEEPING},)

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sieve: Mapped[bytes]


_KNOWN = Prepared(MessageIdentityRow, "identity", "fingerprint", "seq").among("block", "blocks").among("identity")
_LEFT = Prepared(MessageIdentityRow, "seq", "identity", "fingerprint").among("block", "blocks").among("seq")
_IN_BLOCK = Prepared(MessageIdentityRow, "identity").among("block")
_SIEVE = Prepared(IdentitySieveRow, "sieve").among("block")
_SIFTED = Prepared(IdentitySieveRow, "block")


def known_in(tx: Tx, blocks: Collection[int], identities: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    """(identity, fingerprint, serial) of those that are in these blocks."""
    return tx.fetch(_KNOWN, blocks=blocks, wanted=identities)


def identities_of(tx: Tx, serials: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """serial → (identity, fingerprint). Reads whole blocks, which are not in the order of serials."""
    rows = tx.fetch(_LEFT, blocks=set(map(block_of, serials)), wanted=serials)
    return {seq: (identity, fingerprint) for seq, identity, fingerprint in rows}


def insert_identities(tx: Tx, identities: Sequence[tuple[int, int, int]]) -> None:
    """(identity, seq, fingerprint), put in as their table is sorted."""
    table: Any = MessageIdentityRow.__table__
    rows = sorted([(block_of(row[1]), *row) for row in identities])
    tx.insert(table, ("block", "identity", "seq", "fingerprint"), rows)


def identities_in(tx: Tx, block: int) -> list[int]:
    return tx.column(_IN_BLOCK, wanted=[block])


def blocks_with_sieve(tx: Tx) -> list[int]:
    return tx.column(_SIFTED)


def sieve_for(tx: Tx, block: int) -> bytes:
    sieve: bytes = tx.fetch(_SIEVE, wanted=[block])[0].sieve
    return sieve


def add_sieve(tx: Tx, block: int, sieve: bytes) -> None:
    table: Any = IdentitySieveRow.__table__
    tx.insert(table, ("block", "sieve"), [(block, sieve)])


def drop_sieves(tx: Tx, blocks: Collection[int]) -> None:
    tx.session.execute(delete(IdentitySieveRow).where(IdentitySieveRow.block.in_(blocks)))
