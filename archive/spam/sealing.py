"""Sealing what people said and wrote, under the key of the month in which the report came."""

import hashlib
import hmac
import os
from datetime import datetime
from typing import TypeVar

import msgspec

from archive.core.errors import Damaged
from archive.keys.envelope import SALT_BYTES, SealingKey
from archive.keys.keyring import Purpose
from archive.ledger.entry import encode
from archive.tx import Tx

T = TypeVar("T")


def month_key(tx: Tx, received_at: datetime) -> SealingKey:
    return tx.key(Purpose.reports_of(received_at))


def seal(tx: Tx, key: SealingKey, report_id: str, said: object) -> tuple[str, bytes]:
    """(digest for the ledger, envelope)."""
    body, salt = encode(said), os.urandom(SALT_BYTES)
    return hashlib.sha256(salt + body).hexdigest(), key.seal(salt + body, _place(tx, report_id))


def open_sealed(tx: Tx, key_id: int, report_id: str, sealed: bytes, kind: type[T]) -> tuple[str, T]:
    """(digest, what was sealed). Raises `Damaged` if its key is destroyed, or if it is not what was sealed."""
    salt, body = open_whole(tx, key_id, report_id, sealed)
    return hashlib.sha256(salt + body).hexdigest(), msgspec.json.decode(body, type=kind)


def open_whole(tx: Tx, key_id: int, report_id: str, sealed: bytes) -> tuple[bytes, bytes]:
    """(salt, the very bytes that were sealed)."""
    key = tx.keyring.by_id(tx.session, tx.org_id, key_id)
    if key is None:
        raise Damaged(f"The key of report {report_id} is destroyed, but the report is still here.")
    opened = key.open(sealed, _place(tx, report_id))
    return opened[:SALT_BYTES], opened[SALT_BYTES:]


def check_digest(report_id: str, found: str, committed: str) -> None:
    if not hmac.compare_digest(found, committed):
        raise Damaged(
            f"Report {report_id} is not what the ledger committed to.",
            "Run `textarchive verify`, and restore the record from the vault or a backup.",
        )


def _place(tx: Tx, report_id: str) -> bytes:
    return f"{tx.org_id}:{report_id}".encode()
