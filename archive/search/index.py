"""The port that every search engine implements. Whoosh is behind it on one machine; nothing outside asks which."""

import base64
import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from archive.core.errors import BadInput, Conflict
from archive.search.plan import Field, Plan

Order = Literal["newest", "oldest"]

_CURSOR = struct.Struct(">qQ")


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


def exact_values(text: IndexedText) -> Iterator[tuple[Field, str]]:
    """Every (field, value) by which a text is found without its words; values are not folded yet."""
    yield "own", text.own_number
    yield "from", text.sender
    yield "direction", text.direction
    yield "provider", text.provider
    if text.account is not None:
        yield "account", text.account
    if text.campaign is not None:
        yield "campaign", text.campaign
    several: Iterable[tuple[Field, tuple[str, ...]]] = (
        *(("to", text.recipients), ("with", text.others), ("flag", text.flags), ("has", text.has)),
    )
    for field, values in several:
        for value in values:
            yield field, value


@dataclass(frozen=True, slots=True)
class Page:
    """`hits`: (serial, at), in the order asked for. `next`: the cursor of the following page, None after the last."""

    hits: tuple[tuple[int, int], ...]
    next: str | None


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
    return base64.urlsafe_b64encode(_CURSOR.pack(at, serial)).decode().rstrip("=")


def from_cursor(cursor: str) -> tuple[int, int]:
    """(at, serial) of the last hit that was seen. Raises `BadInput`."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, serial = _CURSOR.unpack(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, struct.error):
        raise BadInput("This is no cursor of a search.", "Start again from the first page.") from None
    return at, serial
