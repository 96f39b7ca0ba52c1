"""What one entry is made of: a document, the commitment to it, and the leaf that the tree keeps for ever.

Document    {"clear": {…}, "content": {…}} as canonical JSON. `clear` is what the database holds readable,
            `content` what it holds sealed. Both halves are committed to, so changing either is noticed.
Commitment  SHA-256(salt ‖ document). The 32-byte salt is sealed with the content and dies with its key, so after
            a purge nobody can confirm a guess.
Leaf        canonical JSON of {v, seq, kind, at, commit}: no personal data, kept after everything else is gone.
"""

import hashlib
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from archive.core.canonical import canonical_json

LEAF_VERSION = 1

LOST = "ledger.lost"
"""The kind of an entry whose content was lost with a database. All that is known of it is the hash of its leaf, which
stands in the place of the commitment; that much was in the vault."""
_encode = msgspec.json.Encoder(order="sorted").encode


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, as its slice names it: `class HoldReleased(Event)` with `kind = "hold.released"`.

    Fields named in `private` may name a person and are sealed under the audit key; the others stand in the clear.
    """

    kind: ClassVar[str]
    private: ClassVar[frozenset[str]] = frozenset()

    subject: str | None = None

    def split(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(clear, private) details, without the subject and without what is not set."""
        details = {name: value for name, value in msgspec.to_builtins(self).items() if value is not None}
        details.pop("subject", None)
        private = {name: details.pop(name) for name in self.private if name in details}
        return details, private


def encode(value: Any) -> bytes:
    """Canonical JSON, quickly; by the slower road when a text holds a lone surrogate."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return canonical_json(msgspec.to_builtins(value))


def document(clear: bytes, content: bytes) -> bytes:
    """The committed bytes from the canonical bytes of both halves; canonical itself, since the keys are in order."""
    return b'{"clear":' + clear + b',"content":' + content + b"}"


def commitment(salt: bytes, clear: bytes, content: bytes) -> bytes:
    return hashlib.sha256(salt + document(clear, content)).digest()


def clear_of_event(actor: str, subject: str | None, detail: bytes) -> bytes:
    """The clear half of every entry that is not a message."""
    return b'{"actor":%b,"detail":%b,"subject":%b}' % (encode(actor), detail, encode(subject))


def leaf_data(seq: int, kind: str, at: datetime, commit: bytes) -> bytes:
    """What the tree hashes for entry `seq`. Kinds are plain ASCII, so nothing needs escaping."""
    return leaf_prefix(kind, at) % (commit.hex().encode(), seq)


def leaf_prefix(kind: str, at: datetime) -> bytes:
    """The part that entries of one moment and kind share, with room for commitment and sequence number."""
    return b'{"at":%b,"commit":"%%b","kind":"%b","seq":%%d,"v":%d}' % (
        _encode(at),
        kind.encode(),
        LEAF_VERSION,
    )


def place(org_id: int, seq: int) -> bytes:
    """Associated data of an envelope: which organisation's, at which sequence number."""
    return b"%d:%d" % (org_id, seq)
