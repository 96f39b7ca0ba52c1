"""Sealing a text and opening it again: the only code that turns one into bytes and back."""

import hashlib
import hmac
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from archive.core.canonical import parse_json
from archive.core.clock import to_micros
from archive.core.errors import Damaged
from archive.keys.envelope import NONCE_BYTES, SALT_BYTES, SealingKey
from archive.ledger.entry import commitment, encode, place
from archive.messages.encoding import measure
from archive.messages.model import ClearRecord, Content, InboundText, Message

_CHANCE_BYTES = SALT_BYTES + NONCE_BYTES
_HALF = 1 << 63
CLEAR_FIELDS = len(ClearRecord.__struct_fields__)
_content_decoder = msgspec.json.Decoder(Content)


def content_of(text: InboundText) -> Content:
    encoding, _, segments = measure(text.text)
    return Content(
        as_received=text.as_received,
        encoding=encoding,
        extra=text.extra,
        sender=text.sender,
        media=text.media,
        segments=segments,
        status=text.status,
        text=text.text,
        to=text.recipients,
    )


def chances(count: int) -> Iterator[bytes]:
    """Randomness for sealing so many records, drawn at once: salt and nonce of each."""
    drawn = os.urandom(_CHANCE_BYTES * count)
    return (drawn[at : at + _CHANCE_BYTES] for at in range(0, len(drawn), _CHANCE_BYTES))


def seal(org_id: int, key: SealingKey, clear: ClearRecord, content: Content, chance: bytes) -> tuple[bytes, bytes]:
    """(commitment, envelope). `chance` is one of `chances`, used for nothing else: so equal texts have nothing in
    common outside.
    """
    salt, body = chance[:SALT_BYTES], encode(content)
    commit = commitment(salt, encode(clear), body)
    return commit, key.seal(salt + body, place(org_id, clear.seq), chance[SALT_BYTES:])


def open_record(org_id: int, key: SealingKey, clear: ClearRecord, sealed: bytes, commit: bytes) -> Message:
    """Raises `Damaged` unless the envelope opens *and* is, with the clear half, what the ledger committed to."""
    opened = key.open(sealed, place(org_id, clear.seq))
    salt, body = opened[:SALT_BYTES], opened[SALT_BYTES:]
    if not hmac.compare_digest(commitment(salt, encode(clear), body), commit):
        raise Damaged(
            f"Message {clear.seq} is not what the ledger committed to: a clear column or the envelope was replaced.",
            "Run `textarchive verify`, and restore the record from the vault or a backup.",
        )
    return Message(clear.seq, clear, decode_content(body), commit)


def decode_content(body: bytes) -> Content:
    try:
        return _content_decoder.decode(body)
    except msgspec.DecodeError:  # A lone surrogate, which msgspec refuses; the standard library reads it.
        return msgspec.convert(parse_json(body), Content)


class Hashes:
    """The keyed hashes of one organisation: they find what they can't reveal."""

    def __init__(self, key: SealingKey) -> None:
        self._secret = key.secret
        # Taking in the key is half of the work: it is done once, and copied.
        self._of_number = hashlib.blake2b(key=key.secret, digest_size=8)
        self._own: dict[str, int] = {}

    def party(self, address: str) -> bytes:
        """16 bytes that stand for a party's address."""
        return _party(self._secret, address)

    def conversation(self, own_number: str, others: Sequence[bytes]) -> int:
        """A number that stands for our number with all other parties, given as `party` hashes, in any order."""
        total = self._own.get(own_number)
        if total is None:
            total = self._own[own_number] = self._number(_bytes(f"own\0{own_number}"))
        for other in others:
            total += int.from_bytes(other[:8], "big")
        return (total + _HALF) % (2 * _HALF) - _HALF

    def identity(self, text: InboundText) -> int:
        """What a provider calls this text: account, id, and to whom."""
        return self.identity_of(text.provider, text.account, text.provider_id, text.recipients)

    def identity_of(self, provider: str, account: str | None, provider_id: str, recipients: Sequence[str]) -> int:
        to = "\0".join(recipients)
        return self._number(_bytes(f"identity\0{provider}\0{account or ''}\0{provider_id}\0{to}"))

    def fingerprint(self, text: InboundText) -> int:
        """What it says. A later status or an attempt counter is not part of it: retries differ in those."""
        sent = to_micros(text.sent_at) if text.sent_at else (text.as_received or {}).get("sent_at", "")
        media = encode(text.media).decode() if text.media else ""
        return self._number(_bytes(f"fingerprint\0{text.direction}\0{text.sender}\0{sent}\0{media}\0{text.text}"))

    def name(self, said: str) -> str:
        """A provider's id for what came without one, of what it says: the same every time, and no way back."""
        return hashlib.blake2b(b"name\0" + _bytes(said), key=self._secret, digest_size=16).hexdigest()

    def raw(self, data: bytes) -> int:
        """Of bytes that could not become a message, so that sending them again changes nothing."""
        return self._number(b"raw\0" + data)

    def _number(self, said: bytes) -> int:
        hashed = self._of_number.copy()
        hashed.update(said)
        return int.from_bytes(hashed.digest(), "big", signed=True)


@lru_cache(maxsize=65_536)
def _party(secret: bytes, address: str) -> bytes:
    """Remembered, since most texts are of people who have texted before."""
    return hashlib.blake2b(b"party\0" + _bytes(address), key=secret, digest_size=16).digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
