"""The certificate of a purge: what was destroyed, when and how, and who let it. No personal data. Pure.

It is signed, in a file that a stranger checks (`ledger.signed_file`).
"""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256

import msgspec

from archive.ledger.entry import encode
from archive.ledger.note import NoteError, VerifierKey, open_checkpoint
from archive.ledger.signed_file import Kind, SignedFileError
from archive.ledger.signing import Signer

FORMAT = "textarchive-purge-certificate-v1"
_FILE = Kind(FORMAT, "certificate")


class Owner(msgspec.Struct, frozen=True):
    id: str
    name: str
    origin: str


class Planned(msgspec.Struct, frozen=True):
    """`entry`: its ledger entry. `digest`: SHA-256 over the planned serials in order, eight bytes each."""

    at: datetime
    entry: int
    texts: int
    items: int
    digest: str
    stopped_by: tuple[str, ...]


class Approved(msgspec.Struct, frozen=True):
    """`by`: an id, never a name."""

    by: str
    at: datetime
    breakers: tuple[str, ...]


class Destroyed(msgspec.Struct, frozen=True):
    """`texts`, and `items` of the quarantine. `ranges` of serials, both ends included; `digest` is over all of them."""

    at: datetime
    entry: int
    texts: int
    items: int
    digest: str
    ranges: tuple[tuple[int, int], ...]


class Key(msgspec.Struct, frozen=True):
    """`purpose` and `period`: what the key was for; `entry`: the ledger entry that says that it is destroyed.

    `id` is a string, since it has more digits than every reader of JSON takes.
    """

    id: str
    purpose: str
    period: str
    entry: int


class Copies(msgspec.Struct, frozen=True):
    """`texts` of the batch were sealed under a key that is still needed: sealed copies in the vault or in a backup can
    be opened until the key of `until` is destroyed.
    """

    until: str
    texts: int


class KeyCopy(msgspec.Struct, frozen=True):
    """When the copy of the wrapped keys was replaced by one without those that are destroyed. If the place where it is
    keeps history, an older copy can still be got at, and the destruction is final only when that is gone.
    """

    replaced_at: datetime
    keeps_history: bool


class StepDone(msgspec.Struct, frozen=True):
    step: str
    at: datetime


class Checks(msgspec.Struct, frozen=True):
    """What was still there at the end, each 0. `envelopes` sealed texts were looked for in `bytes` of `files`."""

    rows: int
    indexed: int
    objects: int
    keys: int
    envelopes: int
    files: int
    bytes: int
    found: int


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """`kept`: what was due on the day and stays, by reason. `checkpoint`: a signed note that covers the destruction."""

    format: str = FORMAT
    organisation: Owner
    batch: str
    expired_on: date
    planned: Planned
    approved: Approved | None
    destroyed: Destroyed
    kept: Mapping[str, int]
    keys: tuple[Key, ...]
    copies: tuple[Copies, ...]
    key_copy: KeyCopy
    steps: tuple[StepDone, ...]
    checks: Checks
    checkpoint: str
    certified_at: datetime


def digest(certificate: Certificate) -> str:
    """SHA-256 of its canonical JSON, as the ledger has it."""
    return sha256(encode(certificate)).hexdigest()


def sign(certificate: Certificate, signer: Signer) -> str:
    """The file."""
    return _FILE.sign(encode(certificate).decode(), signer)


def check(text: str, key: VerifierKey) -> Certificate:
    """What a file certifies that `key` signed; needs nothing but the two. Raises `SignedFileError`."""
    try:
        certificate = msgspec.json.decode(_FILE.open(text, key), type=Certificate)
    except msgspec.MsgspecError:
        raise SignedFileError("what is signed is no certificate of this format") from None
    _demand_sense(certificate, key)
    return certificate


def _demand_sense(certificate: Certificate, key: VerifierKey) -> None:
    """What is signed may still contradict itself, where a program of the archive was at fault."""
    gone = certificate.destroyed
    if certificate.format != FORMAT or certificate.organisation.origin != key.name:
        raise SignedFileError(f"it is a {certificate.format} of {certificate.organisation.origin!r}")
    if sum(last - first + 1 for first, last in gone.ranges) != gone.texts + gone.items:
        raise SignedFileError("the ranges of serials are not as many as were destroyed")
    try:
        covered = open_checkpoint(certificate.checkpoint, key).size
    except NoteError as problem:
        raise SignedFileError(f"its checkpoint is not good: {problem}") from None
    if covered < max(gone.entry, *(entry.entry for entry in certificate.keys), certificate.planned.entry):
        raise SignedFileError("its checkpoint is older than what it certifies")
