"""The port that every search engine implements. Whoosh is behind it on one machine; nothing outside asks which."""

import base64
import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from archive.core.errors import BadInput, Conflict
from archive.search.plan import Plan

Order = Literal["newest", "oldest"]
Sorting = Literal["newest", "oldest", "best"]
"""What may be asked for: an order in time, which is one of `page`, or one by worth, which is `best`."""

MOST_COMPARED = 20_000
"""Hits among which the best are looked for; of more, only the newest."""

_CURSOR = struct.Struct(">qQ")
_RANK_CURSOR = struct.Struct(">QI")


class IndexBusy(Conflict):
    """Another process is writing this organisation's index; its work is done by that one, or later."""

    slug = "index-busy"


class NotSearchable(BadInput):
    """The query is legal, but answering it would take longer than a reader may wait."""

    slug = "not-searchable"


@dataclass(frozen=True, slots=True)
class IndexedText:
    """What the index knows of one text.

    `at`: microseconds since 1970, by which hits are ordered (`sent_at`, else `received_at`); equal ones by serial.
    `period`: the month in which it expires, "2027-12". `others`: the parties but the own number.
    `has`: of link, media, emoji, number.
    """

    serial: int
    at: int
    period: str
    text: str
    sender: str
    recipients: tuple[str, ...]
    own_number: str
    others: tuple[str, ...]
    direction: Literal["in", "out"]
    provider: str
    account: str | None = None
    campaign: str | None = None
    flags: tuple[str, ...] = ()
    has: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """`hits`: (serial, at), in the order asked for. `next`: the cursor of the following page, None after the last."""

    hits: tuple[tuple[int, int], ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page of best matches: `hits` as (serial, at), of equally good ones the newer first.

    `compared`: among how many hits. `whole`: those were all that there are, and not only the newest of them.
    """

    hits: tuple[tuple[int, int], ...]
    next: str | None
    compared: int
    whole: bool


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far one organisation's index is, all of one moment.

    `position`: the last ledger sequence number dealt with. `texts`: how many can be found. `unreadable`: serials of
    texts up to there that could not be opened and so can't be found.
    """

    position: int
    texts: int
    unreadable: tuple[int, ...] = ()


class SearchIndex(Protocol):
    """A follower of the ledger and a cache: everything in it can be thrown away and built again."""

    def position(self, org_id: int) -> int:
        """The last ledger sequence number that is dealt with, 0 for none. Raises `Damaged`."""

    def texts(self, org_id: int) -> int:
        """How many texts can be found. Raises `Damaged`."""

    def state(self, org_id: int) -> IndexState:
        """Raises `Damaged`."""

    def add(self, org_id: int, texts: Sequence[IndexedText], through: int, unreadable: Collection[int] = ()) -> None:
        """Add the texts and move the position to `through`: both or neither, whatever happens in between.

        Texts at or before the position are there already and are passed over. Raises `IndexBusy`.
        """

    def page(self, org_id: int, plan: Plan, limit: int, cursor: str | None = None, order: Order = "newest") -> Page:
        """The next `limit` hits after the cursor. Raises `NotSearchable`."""

    def best(self, org_id: int, plan: Plan, limit: int, cursor: str | None = None, most: int = MOST_COMPARED) -> Ranked:
        """The next `limit` of the best matches after the cursor, by BM25 among the newest `most` hits.

        The cursor remembers what was indexed when the first page was asked for, so that later texts move nothing.
        Raises `NotSearchable`.
        """

    def count(self, org_id: int, plan: Plan) -> int:
        """How many texts the plan finds, exactly. Raises `NotSearchable`."""

    def purge(self, org_id: int, serials: Collection[int]) -> int:
        """Remove texts so that no word of theirs is left in any file; how many there were.

        A text beyond the position is not there yet: destroy it in the database first, or it is added later.
        Raises `IndexBusy` and `Damaged`; a damaged index is dropped and built again instead.
        """

    def check(self, org_id: int) -> list[str]:
        """Everything that is wrong with the stored index, one sentence each; empty when it is whole."""

    def drop(self, org_id: int) -> None:
        """Remove everything of the organisation. Raises `IndexBusy`."""


def to_cursor(hit: tuple[int, int]) -> str:
    """The place behind a hit (serial, at), as opaque text."""
    serial, at = hit
    return _opaque(_CURSOR.pack(at, serial))


def from_cursor(cursor: str) -> tuple[int, int]:
    """(at, serial) of the last hit that was seen. Raises `BadInput`."""
    at, serial = _unpacked(_CURSOR, cursor)
    return at, serial


def to_rank_cursor(through: int, rank: int) -> str:
    """The place of a rank among the texts up to serial `through`."""
    return _opaque(_RANK_CURSOR.pack(through, rank))


def from_rank_cursor(cursor: str) -> tuple[int, int]:
    """(through, rank). Raises `BadInput`, also for the cursor of a search in another order."""
    through, rank = _unpacked(_RANK_CURSOR, cursor)
    return through, rank


def _opaque(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _unpacked(layout: struct.Struct, cursor: str) -> tuple[int, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        first, second = layout.unpack(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, struct.error):
        raise BadInput("This is no cursor of a search in this order.", "Start again from the first page.") from None
    return first, second
