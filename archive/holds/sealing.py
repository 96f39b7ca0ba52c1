"""The words of matters and holds: sealed, and committed to by the ledger entry that made them."""

import hmac
import os
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from sqlalchemy import select

from archive.core.canonical import parse_json
from archive.core.errors import Damaged
from archive.keys.envelope import SALT_BYTES
from archive.keys.keyring import Purpose
from archive.ledger.entry import encode
from archive.ledger.rows import LedgerEntryRow
from archive.tx import Tx

Words = TypeVar("Words", bound=msgspec.Struct)


def seal_words(tx: Tx, matter_id: str, about: str, words: msgspec.Struct) -> tuple[str, int, bytes]:
    """(commitment in hexadecimal, key, envelope). `about`: the id of what they are the words of."""
    key = tx.key(Purpose.matter(matter_id))
    salted = os.urandom(SALT_BYTES) + encode(words)
    return sha256(salted).hexdigest(), key.id, key.seal(salted, _place(tx, about))


def open_words(tx: Tx, row: Any, kind: type[Words]) -> Words:
    """Of a matter's or a hold's row. Raises `Damaged` unless they are what its ledger entry commits to."""
    key = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    if key is None:
        raise Damaged(f"The key of {row.id} is destroyed, but it is still here.")
    salted = key.open(row.sealed, _place(tx, row.id))
    if not hmac.compare_digest(sha256(salted).hexdigest(), _committed(tx, row)):
        raise Damaged(
            f"{row.id} is not what the ledger committed to.",
            "Run `textarchive verify`, and restore it from a backup. Nothing is destroyed meanwhile.",
        )
    return msgspec.convert(parse_json(salted[SALT_BYTES:]), kind)


def _committed(tx: Tx, row: Any) -> str:
    tx.write_entries()
    wanted = select(LedgerEntryRow.detail).where(LedgerEntryRow.seq == row.entry, LedgerEntryRow.subject == row.id)
    detail = tx.session.scalar(wanted)
    commit: str = parse_json(detail).get("commit", "") if detail else ""
    return commit


def _place(tx: Tx, about: str) -> bytes:
    return f"{tx.org_id}:{about}".encode()
