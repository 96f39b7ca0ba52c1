"""A signed file that a stranger checks: no database, no network.

The file is JSON, and has these members and no others:
    format       what it is, and in which version
    public_key   the key as the archive states it; a checker brings their own from elsewhere
    (member)     what is said, as text: canonical JSON, the bytes that are signed (UTF-8)
    signature    base64 of the Ed25519 signature (64 bytes) over them

A checkpoint's text begins with its origin, this one with a brace: neither can be taken for the other.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass
from typing import Any

from archive.ledger.note import NoteError, VerifierKey
from archive.ledger.signing import Signer


class SignedFileError(ValueError):
    """The file is not what the archive signed; says why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. `member`: what the signed text is called in it, and in sentences about it."""

    format: str
    member: str

    def sign(self, said: str, signer: Signer) -> str:
        """The file."""
        file = {
            "format": self.format,
            "public_key": str(signer.public),
            self.member: said,
            "signature": b64encode(signer.sign_text(said)).decode(),
        }
        return json.dumps(file, indent=1, ensure_ascii=False) + "\n"

    def open(self, text: str, key: VerifierKey) -> str:
        """What `key` signed; needs nothing but the two. Raises `SignedFileError`."""
        file = self._parse(text)
        if file["public_key"] != str(key):
            raise SignedFileError(f"the {self.member} names another public key than the one that it is checked with")
        try:
            key.verify(file[self.member], _signature(file["signature"]))
        except (NoteError, UnicodeEncodeError):
            raise SignedFileError(f"the signature does not fit the {self.member}: one of them was changed") from None
        return file[self.member]

    def _parse(self, text: str) -> dict[str, str]:
        try:
            file = json.loads(text, object_pairs_hook=_each_once)
        except (ValueError, RecursionError):
            raise SignedFileError("the file is not JSON, or says something twice") from None
        if not isinstance(file, dict) or file.get("format") != self.format:
            raise SignedFileError(f"this is not a {self.member} of the format {self.format}")
        members = ("format", "public_key", self.member, "signature")
        if set(file) != set(members) or not all(isinstance(value, str) for value in file.values()):
            raise SignedFileError(f"the file has other members than {', '.join(members)}, each of them a text")
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
        raise SignedFileError("the signature is not base64") from None
    if b64encode(signature).decode() != encoded:
        raise SignedFileError("the signature is not written in the one canonical base64")
    return signature
