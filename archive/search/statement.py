"""A statement of what a search found, signed, in a file that a stranger checks (`ledger.signed_file`).

What is stated:
    format, id, at, origin, organisation, by {actor, name}
    query, understood       the line as it was typed, and as it was read
    count                   how many texts it finds, among those of the coverage
    coverage                {of, indexed, missing, complete, through}: of all texts up to ledger entry `through`
    checkpoint              {size, root, note}: the signed note that says what the ledger held; `through` is its size
"""

import json
from dataclasses import dataclass

import msgspec

from archive.ledger.entry import encode
from archive.ledger.note import NoteError, VerifierKey, open_checkpoint
from archive.ledger.signed_file import Kind, SignedFileError
from archive.ledger.signing import Signer

FORMAT = "textarchive-search-statement-v1"
_FILE = Kind(FORMAT, "statement")


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
    return Statement(_FILE.sign(signed, signer), signed, stated)


def check_statement(text: str, key: VerifierKey) -> Stated:
    """What is stated. Raises `SignedFileError` with what is wrong; needs nothing but the two arguments."""
    stated = _stated(_FILE.open(text, key))
    _demand_sense(stated, key)
    return stated


def _stated(signed: str) -> Stated:
    try:
        return msgspec.convert(json.loads(signed), Stated)
    except (ValueError, RecursionError):
        raise SignedFileError("what is signed is not a statement of this format") from None


def _demand_sense(stated: Stated, key: VerifierKey) -> None:
    """A signed statement that contradicts itself was made by a faulty archive, and proves nothing."""
    try:
        checkpoint = open_checkpoint(stated.checkpoint.note, key)
    except NoteError as problem:
        raise SignedFileError(f"its checkpoint is not good: {problem}") from None
    if (checkpoint.size, checkpoint.root.hex()) != (stated.checkpoint.size, stated.checkpoint.root):
        raise SignedFileError("its checkpoint is another one than it says")
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
        raise SignedFileError("it contradicts itself")
