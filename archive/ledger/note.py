"""C2SP signed notes (signed-note v1.0.0) and transparency log checkpoints (tlog-checkpoint), with Ed25519.

A note is a text, an empty line, and signature lines. Parsing is strict: what a note says can be written in
one way only, so a note with one changed byte is another note.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HASH_SIZE = KEY_SIZE = 32
KEY_ID_SIZE = 4
SIGNATURE_SIZE = 64
ED25519 = b"\x01"
MOST_SIGNATURES = 100
LARGEST_SIZE = 2**64 - 1

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,19}")
_SIGNATURE_LINE = re.compile(r"— ([^ ]+) ([A-Za-z0-9+/=]+)")


class NoteError(ValueError):
    """A note, key or checkpoint is not written as it must be, or not signed as it must be; says which."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and the Ed25519 public key (32 bytes) that signs under it; `str()` writes the vkey line."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(sign.isspace() for sign in self.name):
            raise NoteError(f"a key name needs letters and has neither spaces nor plus signs: {self.name!r}")
        _demand_writable(self.name)
        if len(self.public_key) != KEY_SIZE:
            raise NoteError(f"an Ed25519 public key has {KEY_SIZE} bytes, not {len(self.public_key)}")

    @property
    def key_id(self) -> bytes:
        """The four bytes that, with the name, say which key a signature is by."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:KEY_ID_SIZE]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public_key)}"

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """Read `name+hex key id+base64 key`, white space around it aside."""
        name, _, rest = vkey.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        key = _bytes_of(encoded, "the public key")
        if key[:1] != ED25519:
            raise NoteError("the public key is not an Ed25519 one (its first byte must be 1)")
        parsed = cls(name, key[1:])
        if parsed.key_id.hex() != key_id:
            raise NoteError(f"the key id {key_id!r} does not belong to this name and key")
        return parsed

    def verify(self, text: str, signature: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, text.encode())
        except InvalidSignature:
            raise NoteError(f"the signature of {self.name} does not fit the text: one of them changed") from None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's word that at `size` leaves its root is `root` (32 bytes); `str()` writes the note text."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Lines after the root, kept as they are; nothing here gives them a meaning."""

    def __post_init__(self) -> None:
        if any(not line or "\n" in line for line in (self.origin, *self.extensions)):
            raise NoteError("the origin and each extension of a checkpoint is one line that is not empty")
        if not 0 <= self.size <= LARGEST_SIZE:
            raise NoteError(f"a checkpoint cannot have the size {self.size}")
        if len(self.root) != HASH_SIZE:
            raise NoteError(f"the root of a checkpoint has {HASH_SIZE} bytes, not {len(self.root)}")

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), _base64(self.root), *self.extensions)
        return "".join(line + "\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text (without signatures), which must be written exactly as `str()` writes it."""
        origin, newline, rest = text.partition("\n")
        size, _, rest = rest.partition("\n")
        root, end, rest = rest.partition("\n")
        if not newline or not end or (rest and not rest.endswith("\n")):
            raise NoteError("a checkpoint is three or more lines, each of them ended")
        if not _DECIMAL.fullmatch(size):
            raise NoteError(f"the size is not a plain decimal number: {size[:40]!r}")
        extensions = tuple(rest.split("\n")[:-1])
        return cls(origin, int(size), _bytes_of(root, "the root"), extensions)


def sign_note(text: str, key: VerifierKey, sign: Callable[[bytes], bytes]) -> str:
    """The text with a signature line under it; `sign` makes the 64-byte Ed25519 signature of some bytes.

    What was signed is verified at once, so a signer that holds another key than `key` is found here.
    """
    _demand_text(text)
    signature = sign(text.encode())
    key.verify(text, signature)
    return f"{text}\n— {key.name} {_base64(key.key_id + signature)}\n"


def open_note(note: str | bytes, key: VerifierKey) -> str:
    """The text of a note that `key` signed. Signatures by other keys are ignored, as the format demands."""
    text, lines = _divide(_decoded(note))
    good = 0
    for line in lines:
        name, key_id, signature = _parse_signature(line)
        if (name, key_id) == (key.name, key.key_id):
            key.verify(text, signature)
            good += 1
    if not good:
        raise NoteError(f"the note is not signed by {key.name} (key id {key.key_id.hex()})")
    return text


def open_checkpoint(note: str | bytes, key: VerifierKey, *, origin: str | None = None) -> Checkpoint:
    """The checkpoint in a note that `key` signed, of the log `origin` (the key's own name if not given)."""
    checkpoint = Checkpoint.parse(open_note(note, key))
    expected = key.name if origin is None else origin
    if checkpoint.origin != expected:
        raise NoteError(f"this is a checkpoint of {checkpoint.origin!r}, not of {expected!r}")
    return checkpoint


def _divide(note: str) -> tuple[str, list[str]]:
    _demand_writable(note)
    # The text may have empty lines of its own, the signatures have none: so the last empty line divides.
    text, blank, signatures = note.rpartition("\n\n")
    if not blank:
        raise NoteError("there is no empty line between a text and its signatures")
    if not signatures.endswith("\n"):
        raise NoteError("the last signature line is not ended")
    lines = signatures[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteError(f"the note has {len(lines)} signatures, more than the {MOST_SIGNATURES} that are read")
    return text + "\n", lines


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    found = _SIGNATURE_LINE.fullmatch(line)
    if not found:
        raise NoteError(f"this is not a signature line: {line[:80]!r}")
    signature = _bytes_of(found[2], "a signature")
    if len(signature) <= KEY_ID_SIZE:
        raise NoteError("a signature is too short to name its key")
    return found[1], signature[:KEY_ID_SIZE], signature[KEY_ID_SIZE:]


def _decoded(note: str | bytes) -> str:
    try:
        return note if isinstance(note, str) else note.decode()
    except UnicodeDecodeError:
        raise NoteError("the note is not UTF-8") from None


def _demand_text(text: str) -> None:
    _demand_writable(text)
    if not text.endswith("\n"):
        raise NoteError("the text of a note must end with a newline")


def _demand_writable(text: str) -> None:
    if _CONTROL.search(text):
        raise NoteError("control characters other than newline are not allowed here")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NoteError("a half of a surrogate pair cannot be written as UTF-8") from None


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _bytes_of(encoded: str, what: str) -> bytes:
    try:
        data = b64decode(encoded, validate=True)
    except (BadBase64, ValueError):
        raise NoteError(f"{what} is not base64") from None
    # Base64 has spare bits at its end that decoders ignore; only one spelling is let through.
    if _base64(data) != encoded:
        raise NoteError(f"{what} is not written in the one canonical base64")
    return data
