"""The port behind which the master key lives: a file, the environment, or AWS KMS."""

from typing import Protocol


class KeyWrapper(Protocol):
    """Wraps small secrets (32 bytes). `context` is bound to the result: a wrapped key moved elsewhere won't open."""

    def wrap(self, secret: bytes, context: str) -> bytes: ...

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Raises `Damaged` when the master key or the context is not the one that it was wrapped with."""
        ...
