"""A signed statement of what a search found, in a file that a stranger checks: no database, no network.

The file is JSON, and has these members and no others:
    format       "textarchive-search-statement-v1"
    public_key   the key as the archive states it; a checker brings their own from elsewhere
    statement    what is stated as text: canonical JSON, the bytes that are signed (UTF-8)
    signature    base64 of the Ed25519 signature (64 bytes) over them

What is stated:
    format, id, at, origin, organisation, by {actor, name}
    query, understood       the line as it was typed, and as it was read
    count                   how many texts it finds, among those of the coverage
    coverage                {of, indexed, missing, complete, through}: of all texts up to ledger entry `through`
    checkpoint              {size, root, note}: the signed note that says what the ledger held; `through` is its size

A checkpoint's text begins with its origin, a statement's with a brace: neither can be taken for the other.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass
from typing import Any

import msgspec

from archive.ledger.entry import encode
from archive.ledger.note import NoteError, VerifierKey, open_checkpoint
from archive.ledger.signing import Signer

FORMAT = "textarchive-search-statement-v1"
_MEMBERS = ("format", "public_key", "statement", "signature")


class StatementError(ValueError):
    """The file is not what the archive signed; says why."""


class By(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    actor: str
    name: str


class Covered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of `of` texts that the ledger holds up to entry `through`, `indexed` were searched and `missing` were not."""

    complete: bool
    indexed: int
    missing: int
    of: int
    through: int


class Under(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`root` is hexadecimal, `note` the signed note (C2SP tlog-checkpoint)."""

    note: str
    root: str
    size: int


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`at` is RFC 3339, as it was signed."""

    at: str
    by: By
    checkpoint: Under
    count: int
    coverage: Covered
    format: str
    id: str
    organisation: str
    origin: str
    query: str
    understood: str


@dataclass(frozen=True, slots=True)
class Statement:
    """`text` is the file's, `signed` what of it is signed."""

    text: str
    signed: str
    stated: Stated


def sign_statement(stated: Stated, signer: Signer) -> Statement:
    signed = encode(stated).decode()
    file = {
        "format": FORMAT,
        "public_key": str(signer.public),
        "statement": signed,
        "signature": b64encode(signer.sign_text(signed)).decode(),
    }
    return Statement(json.dumps(file, indent=1, ensure_ascii=False) + "\n", signed, stated)


def check_statement(text: str, key: VerifierKey) -> Stated:
    """What is stated. Raises `StatementError` with what is wrong; needs nothing but the two arguments."""
    file = _parse(text)
    if file["public_key"] != str(key):
        raise StatementError("the statement names another public key than the one that it is checked with")
    try:
        key.verify(file["statement"], _signature(file["signature"]))
    except (NoteError, UnicodeEncodeError):
        raise StatementError("the signature does not fit what is stated: one of them was changed") from None
    stated = _stated(file["statement"])
    _demand_sense(stated, key)
    return stated


def _parse(text: str) -> dict[str, str]:
    try:
        file = json.loads(text, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise StatementError("the file is not JSON, or says something twice") from None
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise StatementError(f"this is not a statement of the format {FORMAT}")
    if set(file) != set(_MEMBERS):
        raise StatementError(f"the file has other members than {', '.join(_MEMBERS)}")
    for name, value in file.items():
        if not isinstance(value, str):
            raise StatementError(f"the statement has no good {name!r}")
    return file


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that stands there twice a reader might see one value and this program another."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _signature(encoded: str) -> bytes:
    try:
        signature = b64decode(encoded, validate=True)
    except (BadBase64, ValueError):
        raise StatementError("the signature is not base64") from None
    if b64encode(signature).decode() != encoded:
        raise StatementError("the signature is not written in the one canonical base64")
    return signature


def _stated(signed: str) -> Stated:
    try:
        return msgspec.convert(json.loads(signed), Stated)
    except (ValueError, RecursionError):
        raise StatementError("what is signed is not a statement of this format") from None


def _demand_sense(stated: Stated, key: VerifierKey) -> None:
    """A signed statement that contradicts itself was made by a faulty archive, and proves nothing."""
    try:
        checkpoint = open_checkpoint(stated.checkpoint.note, key)
    except NoteError as problem:
        raise StatementError(f"its checkpoint is not good: {problem}") from None
    if (checkpoint.size, checkpoint.root.hex()) != (stated.checkpoint.size, stated.checkpoint.root):
        raise StatementError("its checkpoint is another one than it says")
    covered = stated.coverage
    sound = (
        stated.format == FORMAT
        and stated.origin == key.name
        and covered.through == checkpoint.size
        and min(covered.indexed, covered.missing) >= 0
        and covered.indexed + covered.missing == covered.of
        and covered.complete == (covered.missing == 0)
        and 0 <= stated.count <= covered.indexed
    )
    if not sound:
        raise StatementError("it contradicts itself")
