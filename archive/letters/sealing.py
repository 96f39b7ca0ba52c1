"""The papers of a letter: sealed under a key of its own, and committed to by the ledger entry that it was made with."""

import hmac
import os
from hashlib import sha256

import msgspec
from sqlalchemy import select

from archive.core.canonical import parse_json
from archive.core.errors import Damaged, NotFound
from archive.keys.envelope import SALT_BYTES, SealingKey
from archive.keys.keyring import Purpose
from archive.ledger.entry import encode
from archive.ledger.rows import LedgerEntryRow
from archive.letters import store
from archive.letters.model import Evidence, LetterState
from archive.letters.store import LetterRow
from archive.tx import Tx

EVIDENCE, PDF, REASON = "evidence", "pdf", "reason"


def own_key(tx: Tx, letter_id: str) -> SealingKey:
    """Made with the letter, so that destroying it destroys the letter wherever a copy of it is."""
    return tx.key(Purpose.letter(letter_id))


def salted(evidence: Evidence) -> tuple[bytes, str]:
    """(what is sealed, the commitment to it)."""
    content = os.urandom(SALT_BYTES) + encode(evidence)
    return content, sha256(content).hexdigest()


def seal_part(tx: Tx, letter_id: str, part: str, content: bytes) -> bytes:
    return own_key(tx, letter_id).seal(content, _place(tx, letter_id, part))


def open_evidence(tx: Tx, row: LetterRow) -> Evidence | None:
    """None once the letter is destroyed. Raises `Damaged` unless it is what the ledger commits to."""
    content = _open(tx, row, EVIDENCE)
    if content is None:
        return None
    if not hmac.compare_digest(sha256(content).hexdigest(), str(said_of(tx, row).get("commit"))):
        raise _damaged(row.id)
    return msgspec.convert(parse_json(content[SALT_BYTES:]), Evidence)


def open_pdf(tx: Tx, row: LetterRow) -> bytes:
    """The file as it was made or uploaded. Raises `NotFound` once it is destroyed, `Damaged` if it is another one."""
    content = _open(tx, row, PDF)
    if content is None:
        raise NotFound(f"The letter {row.id} is destroyed.", "Its entries in the ledger are all that is left of it.")
    if not hmac.compare_digest(sha256(content).hexdigest(), str(said_of(tx, row).get("pdf_sha256"))):
        raise _damaged(row.id)
    return content


def open_reason(tx: Tx, row: LetterRow, sealed: bytes) -> str:
    """Why a letter was revoked; empty once it is destroyed."""
    key = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    return key.open(sealed, _place(tx, row.id, REASON)).decode() if key else ""


def said_of(tx: Tx, row: LetterRow) -> dict[str, object]:
    """What the entry that made a letter says of it in the clear."""
    tx.write_entries()
    wanted = select(LedgerEntryRow.detail).where(LedgerEntryRow.seq == row.entry, LedgerEntryRow.subject == row.id)
    detail = tx.session.scalar(wanted)
    found: dict[str, object] = parse_json(detail) if detail else {}
    return found


def _open(tx: Tx, row: LetterRow, part: str) -> bytes | None:
    key = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    sealed = store.sealed_part(tx, row.id, part)
    if key is None or (sealed is None and _is_destroyed(tx, row.id)):
        return None
    if sealed is None:
        raise _damaged(row.id)
    return key.open(sealed, _place(tx, row.id, part))


def _is_destroyed(tx: Tx, letter_id: str) -> bool:
    """By its row: a process that opened the letter a moment ago may still remember the key."""
    return any(ending.how == LetterState.DESTROYED for ending in store.endings(tx, [letter_id])[letter_id])


def _damaged(letter_id: str) -> Damaged:
    return Damaged(
        f"The letter {letter_id} is not what the ledger committed to.",
        "Run `textarchive verify`, and restore it from a backup.",
    )


def _place(tx: Tx, letter_id: str, part: str) -> bytes:
    return f"{tx.org_id}:{letter_id}:{part}".encode()
