"""The port to write-once storage. What was put there stays as it is, until its lock is over and somebody deletes it.

A name is a path with `/`. It is written once; should a second version of it ever appear (somebody wrote past this
port), the first one is what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from archive.core.errors import Conflict


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object. A marker holds nothing: it says that a name was deleted, and hides older versions."""

    name: str
    id: str
    size: int
    stored_at: datetime
    is_marker: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    """A version can't be deleted before `until`, nor while it is `held`, however long that takes."""

    until: datetime | None
    held: bool

    def binds(self, now: datetime) -> bool:
        return self.held or (self.until is not None and now < self.until)


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What came of trying to break a lock. Only where every attempt was refused is the vault called immutable."""

    immutable: bool
    because: str


class StillLocked(Conflict):
    """What can't be deleted yet; the rest of what was asked for is gone."""

    def __init__(self, names: Sequence[str]) -> None:
        some = ", ".join(names[:3]) + (" …" if len(names) > len(names[:3]) else "")
        super().__init__(
            f"The vault refuses to delete {len(names)} objects: {some}.",
            "They are locked, under a legal hold, or these credentials may not delete. Find out before trying again.",
        )
        self.names = tuple(names)


class Vault(Protocol):
    """Folder or object store: both pass the same tests."""

    @property
    def kind(self) -> str:
        """`folder` or `s3`."""
        ...

    @property
    def place(self) -> str:
        """Where it is, for people."""
        ...

    @property
    def longest(self) -> timedelta:
        """No lock is longer than this, from the moment at which it is set."""
        ...

    def now(self) -> datetime:
        """The moment by the store's own clock: it is this one that ends a lock."""
        ...

    def put_new(self, name: str, content: bytes, until: datetime | None = None, *, held: bool = False) -> bool:
        """Store under a new name, on the disk before this returns; False if the name is taken already.

        Locked until `until`, but never for longer than the longest lock that is configured. A moment that has passed
        locks nothing. Trying again after a crash completes what is missing of the lock.
        """
        ...

    def get(self, name: str) -> bytes:
        """The first version of it. Raises `NotFound`."""
        ...

    def has(self, name: str) -> bool: ...

    def names(self, folder: str, after: str = "") -> list[str]:
        """All names that begin with `folder` and come after `after`, in order; hidden ones too."""
        ...

    def versions(self, folder: str) -> list[Version]:
        """Every version and every marker whose name begins with `folder`, in the order of names."""
        ...

    def lock_of(self, version: Version) -> Lock: ...

    def extend(self, version: Version, until: datetime) -> None:
        """Lock for longer. A lock that is longer already stays."""
        ...

    def set_hold(self, version: Version, held: bool) -> None:
        """Place or release a legal hold."""
        ...

    def delete(self, versions: Sequence[Version]) -> None:
        """For good, each version by its id. Raises `StillLocked` when the store refuses some; the others are gone."""
        ...

    def enforcement(self) -> Enforcement:
        """Tries to delete and to shorten a locked object. What came of it is remembered for an hour."""
        ...


def stored_versions(vault: Vault, name: str) -> list[Version]:
    """Those of exactly this name that hold something."""
    return [version for version in vault.versions(name) if version.name == name and not version.is_marker]
