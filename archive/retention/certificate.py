"""The certificate of a purge: what was destroyed, when and how, and who let it. No personal data. Pure.

A file is JSON with two members: `certificate`, and `signature`, a line as in a C2SP signed note. What is signed is the
canonical JSON of `certificate` (sorted keys, no white space, UTF-8) and a newline, so any checker of signed notes can
check it: text, empty line, signature. It can't be taken for a checkpoint, which does not begin with a brace.
"""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256

import msgspec

from archive.core.canonical import canonical_json, parse_json
from archive.ledger.entry import encode
from archive.ledger.note import NoteError, VerifierKey, open_note
from archive.ledger.signing import Signer

FORMAT = "textarchive-purge-certificate"
VERSION = 1


class CertificateError(ValueError):
    """A certificate is not written as it must be, or not signed as it must be; says which."""


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
    v: int = VERSION
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
    """The file, in one line."""
    body = encode(certificate)
    signature = signer.sign_text(body.decode() + "\n").rpartition("\n\n")[2].rstrip("\n")
    return (b'{"certificate":%b,"signature":%b}' % (body, encode(signature))).decode()


def check(file: str, key: VerifierKey) -> Certificate:
    """The certificate in a file that `key` signed. Raises `CertificateError`."""
    try:
        whole = parse_json(file)
        body, signature = canonical_json(whole["certificate"]).decode(), whole["signature"]
        open_note(f"{body}\n\n{signature}\n", key)
        certificate = msgspec.convert(whole["certificate"], Certificate)
    except NoteError as problem:
        raise CertificateError(str(problem)) from None
    except (ValueError, KeyError, TypeError, msgspec.ValidationError):
        raise CertificateError("this is no certificate of a purge") from None
    if (certificate.format, certificate.v) != (FORMAT, VERSION):
        raise CertificateError(f"this is of a format that is not known here: {certificate.format} {certificate.v}")
    if certificate.organisation.origin != key.name:
        raise CertificateError(f"it is of {certificate.organisation.origin!r}, not of {key.name!r}")
    return certificate
