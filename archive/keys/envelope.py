"""One sealed envelope: AES-256-GCM, nonce before ciphertext. Associated data ties it to its place."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.core.errors import Damaged

NONCE_BYTES = 12
SALT_BYTES = 32


class SealingKey:
    """A data key in the open, in memory only. `id` is what rows remember it by."""

    __slots__ = ("_aead", "id", "secret")

    def __init__(self, key_id: int, secret: bytes) -> None:
        self.id = key_id
        self.secret = secret
        self._aead = AESGCM(secret)

    def seal(self, content: bytes, place: bytes, nonce: bytes | None = None) -> bytes:
        """`nonce`: 12 fresh random bytes, from whoever has drawn some anyway."""
        nonce = nonce or os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, content, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
        except (InvalidTag, ValueError):
            raise Damaged(
                f"The envelope at {place.decode()} does not open: it was changed, or moved from another place.",
                "Run `textarchive verify`, and restore the record from the vault or a backup.",
            ) from None
