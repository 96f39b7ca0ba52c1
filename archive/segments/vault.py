"""The port to write-once storage. What was put there stays as it is."""

from typing import Protocol


class Vault(Protocol):
    """Names are paths with `/`; `put_new` creates and never replaces."""

    def put_new(self, name: str, content: bytes) -> bool:
        """Store under a new name, on the disk before this returns; False if the name is taken already."""
        ...

    def get(self, name: str) -> bytes:
        """Raises `NotFound`."""
        ...

    def names(self, folder: str) -> list[str]:
        """All names that begin with `folder`, in order."""
        ...
