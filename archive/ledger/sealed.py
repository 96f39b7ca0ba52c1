"""A record as it leaves the database and comes back: its ledger entry, its clear half, its envelope."""

import hmac

import msgspec

from archive.core.errors import Damaged
from archive.keys.envelope import SALT_BYTES, SealingKey
from archive.ledger.entry import commitment, place


class SealedRecord(msgspec.Struct, frozen=True, gc=False):
    """`at` is in microseconds, `clear` the canonical JSON that was committed to. Nothing of it tells what it seals."""

    seq: int
    kind: str
    at: int
    actor: str
    commit: bytes
    key_id: int
    sealed: bytes
    clear: bytes


def open_sealed(org_id: int, key: SealingKey, record: SealedRecord) -> bytes:
    """The canonical JSON of the content. Raises `Damaged` unless both halves are what the ledger committed to."""
    opened = key.open(record.sealed, place(org_id, record.seq))
    salt, content = opened[:SALT_BYTES], opened[SALT_BYTES:]
    if not hmac.compare_digest(commitment(salt, record.clear, content), record.commit):
        raise Damaged(
            f"Record {record.seq} is not what the ledger committed to.",
            "Run `textarchive verify`, and restore the record from the vault or a backup.",
        )
    return content
