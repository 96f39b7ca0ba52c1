"""What every reader of files takes and gives. The readers know no database: they turn bytes into messages."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO

import msgspec

Source = Path | BinaryIO
Message = dict[str, object]

LARGEST = 1_000_000
"""Bytes that one message may take in a file. A text is at most a few kilobytes, even with its provider's
payload."""


class FileProblem(ValueError):
    """This file can't be read at all. The sentence says why, and what to do next."""


class NoText(ValueError):
    """One thing in a file is no text that can be taken in. The sentence says why, and holds none of its content."""


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


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`columns`: field → name in the header. `constants`: field → what it is in every row that says nothing else.

    `date_format` is in the directives of `strptime`; without one only times are read that can be read in one way.
    `inbound` and `outbound` are more words for either direction.
    """

    columns: dict[str, str]
    constants: dict[str, str] = {}
    date_format: str | None = None
    zone: str | None = None
    inbound: tuple[str, ...] = ()
    outbound: tuple[str, ...] = ()


def _told_by(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Options:
    """What a file may not say itself.

    `default_provider` is who delivered the texts if the file has no such column. `own_number` (E.164) is the
    number that somebody said the file is of, `first_number` the organisation's first, which stands in for it where
    nothing depends on it: a corpus without numbers is imported for it. `own_numbers` are all of the organisation's,
    by which a direction is told that the file doesn't say. `mapping` says the columns of a table. `zone` is how times
    without a zone are read; without it they stay unread. A message with such a time carries `zone_assumed`, so
    that nobody takes the assumption for the provider's word. `name_of` makes a name for what has none out of what it
    says, the same on every reading; in an archive it is keyed, since short words can be guessed from a plain hash.
    """

    default_provider: str | None = None
    own_number: str | None = None
    first_number: str | None = None
    own_numbers: frozenset[str] = frozenset()
    zone: tzinfo | None = None
    mapping: Mapping | None = None
    name_of: Callable[[str], str] = _told_by


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
