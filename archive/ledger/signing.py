"""The key that an organisation signs with: Ed25519, under the organisation's origin as its name."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.keys.envelope import SealingKey
from archive.ledger.note import Checkpoint, VerifierKey, sign_note


class Signer:
    """Made from the 32 secret bytes of the organisation's signing key."""

    def __init__(self, origin: str, key: SealingKey) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(key.secret)
        self.public = VerifierKey(origin, self._private.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> str:
        return self.sign_text(str(checkpoint))

    def sign_text(self, text: str) -> str:
        """A signed note of lines that can't be taken for a checkpoint."""
        return sign_note(text, self.public, self._private.sign)
