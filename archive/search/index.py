"""The port that every search engine implements. Whoosh is behind it on one machine; nothing outside asks which."""

import base64
import struct
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal, Protocol

from archive.core.errors import BadInput, Conflict
from archive.search.plan import Field, Plan

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


ONE_VALUE: dict[Field, Callable[[IndexedText], str | None]] = {
    "account": attrgetter("account"),
    "campaign": attrgetter("campaign"),
    "direction": attrgetter("direction"),
    "from": attrgetter("sender"),
    "own": attrgetter("own_number"),
    "provider": attrgetter("provider"),
}
SEVERAL_VALUES: dict[Field, Callable[[IndexedText], Sequence[str]]] = {
    "flag": attrgetter("flags"),
    "has": attrgetter("has"),
    "to": attrgetter("recipients"),
    "with": attrgetter("others"),
}
"""By what a text is found without its words, field by field; values are not folded yet."""


def exact_values(text: IndexedText) -> Iterator[tuple[Field, str]]:
    """All of them, of one text."""
    for name, value_of in ONE_VALUE.items():
        value = value_of(text)
        if value is not None:
            yield name, value
    for name, values_of in SEVERAL_VALUES.items():
        for value in values_of(text):
            yield name, value


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
    texts up to there that could not be opened and so can't be found. `lost`: months of expiry that can't be trusted and
    so are not searched, with how many texts of each are still to be indexed again. `removals`: how often texts were
    taken out, by a purge or with a month that was lost. `mark`: what `add` was told of the entry at the position.
    """

    position: int
    texts: int
    unreadable: tuple[int, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    removals: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class IndexFault:
    """Something wrong with a stored index. `period`: the month that has to be made again, None where none has to be."""

    what: str
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Between index and database. `lacking`: serials of texts that are stored, and neither found nor known to be
    unreadable. `extra`: of texts that are found or called unreadable, and not stored.
    """

    lacking: list[int]
    extra: list[int]


class SearchIndex(Protocol):
    """A follower of the ledger and a cache: everything in it can be thrown away and built again."""

    def position(self, org_id: int) -> int:
        """The last ledger sequence number that is dealt with, 0 for none. Raises `Damaged`."""

    def texts(self, org_id: int) -> int:
        """How many texts can be found. Raises `Damaged`."""

    def state(self, org_id: int) -> IndexState:
        """Raises `Damaged` where no month can be told from another; a month that is damaged alone is `lost`."""

    def add(
        self,
        org_id: int,
        texts: Sequence[IndexedText],
        through: int,
        unreadable: Collection[int] = (),
        since: IndexState | None = None,
        mark: str = "",
    ) -> None:
        """Add the texts and move the position to `through`: both or neither, whatever happens in between.

        Texts at or before the position are there already and are passed over. `mark`: by what the ledger's entry
        `through` is known again; `state` hands it back. `since`: the state after which the texts
        were read. Has the index moved or lost texts meanwhile, then some of them may be destroyed, or others be left
        out: raises `IndexBusy`, as it does when somebody else is writing.
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
        """Remove texts so that no word of theirs is left in any file; how many of them could be found.

        A text beyond the position is not there yet: destroy it in the database first, or it is added later.
        Raises `IndexBusy` and `Damaged`; a damaged index is dropped and built again instead.
        """

    def check(self, org_id: int, *, thorough: bool = True) -> list[IndexFault]:
        """Everything that is wrong with the stored index; empty when it is whole.

        Not `thorough`: only whether every file is there and of its size, which is cheap enough for every second.
        """

    def give_up(self, org_id: int, periods: Collection[str]) -> None:
        """Make months lost: remove all of them, and search them no more. Also removes what does not belong here.

        Raises `IndexBusy` and `Damaged`.
        """

    def mend(
        self, org_id: int, texts: Sequence[IndexedText], unreadable: Collection[int], since: IndexState, *, done: bool
    ) -> None:
        """Add texts at or before the position that are lacking. `done`: with these, nothing is lost any more.

        `since`: the state after which it was found what is lacking. Raises `IndexBusy` when texts were taken out since.
        """

    def compare(self, org_id: int, stored: Collection[int], through: int) -> Difference:
        """`stored`: the serials of all texts up to `through` that there are. Raises `Damaged`."""

    def drop(self, org_id: int) -> None:
        """Remove everything of the organisation. Raises `IndexBusy`."""


def changed_meanwhile() -> IndexBusy:
    return IndexBusy("The search index was changed meanwhile.", "Try again in a moment.")


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
