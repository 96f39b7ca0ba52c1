"""What can go wrong, as a short tree. `http.problems` alone knows their status codes, `cli` their exit codes.

Each error has a stable `slug` and two sentences: what happened, and what to do next.
"""

from typing import ClassVar


class ArchiveError(Exception):
    """Something that a caller can be told about."""

    slug: ClassVar[str] = "error"

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class BadInput(ArchiveError):
    """The request itself is at fault."""

    slug = "bad-input"


class NotFound(ArchiveError):
    """There is no such thing, or none that this caller may see: the two look the same from outside."""

    slug = "not-found"


class NotSignedIn(ArchiveError):
    slug = "not-signed-in"


class NotPermitted(ArchiveError):
    slug = "not-permitted"


class Conflict(ArchiveError):
    """The thing is not in a state in which this can be done."""

    slug = "conflict"


class TooLarge(ArchiveError):
    slug = "too-large"


class TooMany(ArchiveError):
    """A rate is exceeded."""

    slug = "too-many"


class NotReady(ArchiveError):
    """The archive is not set up, or a part of it can't be reached."""

    slug = "not-ready"


class Damaged(ArchiveError):
    """What is stored is not what was stored: a broken envelope, a wrong checksum, a missing key."""

    slug = "damaged"
