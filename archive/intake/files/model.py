"""What every reader of files takes and gives. The readers know no database: they turn bytes into messages."""

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO

Source = Path | BinaryIO
Message = dict[str, object]

LARGEST = 1_000_000
"""Bytes that one message may take in a file. A text is at most a few kilobytes, even with its provider's
payload."""


class FileProblem(ValueError):
    """This file can't be read at all. The sentence says why, and what to do next."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing found in a file: either a message to take in, or a problem for a person to look at.

    `position` is for people ("line 17"), `offset` counts what was found from 0 and is the same on every
    reading.
    `raw` is as it stands in the file, cut at `LARGEST` bytes (the problem says so then).
    `message` has the shape that the messages API takes; whether its fields make sense is decided by
    intake, not here.
    """

    position: str
    offset: int
    raw: bytes
    message: Message | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What a file may not say itself.

    `default_provider` is who delivered the texts if the file has no such column. `own_number` (E.164) is the
    number that a corpus without numbers is imported for; without it our side is "unknown". `zone` is how times
    without a zone are read; without it they stay unread. A message with such a time carries `zone_assumed`, so
    that nobody takes the assumption for the provider's word.
    """

    default_provider: str | None = None
    own_number: str | None = None
    zone: tzinfo | None = None


@dataclass(slots=True)
class Progress:
    """Bytes read of bytes in all, kept up to date while reading. `total` is 0 when the source doesn't tell
    its size."""

    done: int = 0
    total: int = 0

    def begin(self, total: int) -> None:
        self.done, self.total = 0, total

    @property
    def share(self) -> float:
        """Between 0.0 and 1.0."""
        return min(1.0, self.done / self.total) if self.total else 0.0
