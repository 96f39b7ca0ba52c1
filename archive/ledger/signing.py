"""The key that an organisation signs checkpoints and statements with: Ed25519, its origin as the key's name."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.keys.envelope import SealingKey
from archive.ledger.note import Checkpoint, VerifierKey, sign_note


class Signer:
    """Made from the 32 secret bytes of the organisation's signing key."""

    def __init__(self, origin: str, key: SealingKey) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(key.secret)
        self.public = VerifierKey(origin, self._private.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> str:
        return sign_note(str(checkpoint), self.public, self._private.sign)

    def sign_text(self, text: str) -> bytes:
        """64 bytes over the text as UTF-8. Whoever signs another kind of text sees to it that it is no checkpoint's."""
        return self._private.sign(text.encode())
