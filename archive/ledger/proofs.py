"""A record with everything that a stranger needs to check it: no database, no network, only the public key.

The file is JSON:
    format       "textarchive-proof-v1"
    public_key   the key as the archive states it; a checker brings their own from elsewhere
    salt         64 hexadecimal digits
    document     the committed bytes as text: canonical JSON of the record or of what happened, clear and sealed half
    leaf         the leaf's bytes as text: {at, commit, kind, seq, v}
    path         base64 hashes from the leaf to the root (RFC 9162 §2.1.3)
    checkpoint   the signed note (C2SP tlog-checkpoint)
"""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from archive.ledger.note import Checkpoint, NoteError, VerifierKey, open_checkpoint
from archive.ledger.tiles import Tiles, inclusion_proof
from archive.ledger.tree import ProofError, leaf_hash, verify_inclusion

FORMAT = "textarchive-proof-v1"
SALT_BYTES = 32
_FIELDS = ("public_key", "salt", "document", "leaf", "path", "checkpoint")


@dataclass(frozen=True, slots=True)
class Proven:
    """What a good proof shows: this record, at this place, in the ledger that this checkpoint speaks of."""

    record: dict[str, Any]
    leaf: dict[str, Any]
    checkpoint: Checkpoint


def make_proof(
    *,
    document: bytes,
    salt: bytes,
    leaf: bytes,
    seq: int,
    checkpoint: str,
    size: int,
    tiles: Tiles,
    public: VerifierKey,
) -> str:
    path = inclusion_proof(seq - 1, size, tiles)
    proof = {
        "format": FORMAT,
        "public_key": str(public),
        "salt": salt.hex(),
        "document": document.decode(),
        "leaf": leaf.decode(),
        "path": [b64encode(step).decode() for step in path],
        "checkpoint": checkpoint,
    }
    return json.dumps(proof, indent=1, ensure_ascii=False) + "\n"


def check_proof(text: str, key: VerifierKey) -> Proven:
    """Raises `ProofError` with what is wrong; needs nothing but the two arguments."""
    proof = _parse(text)
    document, leaf = _utf8(proof["document"], "the record"), _utf8(proof["leaf"], "the leaf")
    if proof["public_key"].strip() != str(key):
        raise ProofError("the proof names another public key than the one that it is checked with")
    try:
        checkpoint = open_checkpoint(proof["checkpoint"], key)
    except NoteError as problem:
        raise ProofError(f"the checkpoint is not good: {problem}") from None
    stated = _object(proof["leaf"], "the leaf")
    commit = hashlib.sha256(_salt(proof["salt"]) + document).hexdigest()
    if not hmac.compare_digest(commit.encode(), str(stated.get("commit")).encode("utf-8", "replace")):
        raise ProofError("the record is not the one that was committed to: its text, a column or the salt differs")
    record = _object(proof["document"], "the record")
    if not isinstance(record.get("clear"), dict) or not isinstance(record.get("content"), dict):
        raise ProofError("the record is not one of this archive's: it has no clear half, or no content")
    seq = stated.get("seq")
    if type(seq) is not int or record["clear"].get("seq", None if _is_record(record) else seq) != seq:
        raise ProofError("the record and the leaf speak of different serial numbers")
    verify_inclusion(leaf_hash(leaf), seq - 1, checkpoint.size, _path(proof["path"]), checkpoint.root)
    return Proven(record, stated, checkpoint)


def _is_record(record: dict[str, Any]) -> bool:
    """A text, which names its serial number itself. What happened has a subject, and its number in the leaf alone."""
    return "subject" not in record["clear"]


def _parse(text: str) -> dict[str, Any]:
    proof = _object(text, "the file")
    if proof.get("format") != FORMAT:
        raise ProofError(f"this is not a proof of the format {FORMAT}")
    for name in _FIELDS:
        if not isinstance(proof.get(name), list if name == "path" else str):
            raise ProofError(f"the proof has no good {name!r}")
    return proof


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise ProofError(f"{what} is not JSON") from None
    if not isinstance(value, dict):
        raise ProofError(f"{what} is not a JSON object")
    return value


def _utf8(text: str, what: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ProofError(f"{what} can't be written as UTF-8: it holds half a surrogate pair") from None


def _salt(digits: str) -> bytes:
    """Of the one length, so that no byte can move between salt and document."""
    try:
        salt = bytes.fromhex(digits)
    except ValueError:
        raise ProofError("the salt is not hexadecimal") from None
    if len(salt) != SALT_BYTES:
        raise ProofError(f"the salt is not {SALT_BYTES} bytes long")
    return salt


def _path(steps: list[Any]) -> list[bytes]:
    try:
        return [b64decode(step, validate=True) for step in steps]
    except (ValueError, TypeError):
        raise ProofError("a hash of the path is not base64") from None
