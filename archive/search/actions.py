"""Searching, as a person or a program does it: parse, find, read, mark; and written into the ledger each time."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.deliveries.outcome_store import statuses_among
from archive.group_commit import GroupCommit
from archive.ledger.entry import Event
from archive.messages.actions import read_sound
from archive.messages.model import Message
from archive.search.index import IndexState, SearchIndex, Sorting
from archive.search.plan import Plan
from archive.search.query.marks import find_marks
from archive.search.query.parse import parse
from archive.search.query.print import to_line
from archive.search.resolve import resolve
from archive.search.store import texts_after
from archive.tx import Transactions, Tx

PAGE_LIMIT = 25
LARGEST_PAGE = 500


class Searchable(Protocol):
    """What of an archive a search needs; `wiring.Archive` is one."""

    @property
    def transactions(self) -> Transactions: ...
    @property
    def group(self) -> GroupCommit: ...
    @property
    def index(self) -> SearchIndex: ...


class SearchRun(Event, frozen=True, kw_only=True):
    """`shown`: hits on the page, `count`: all that there are; each left out where it was not asked for."""

    kind = "search.run"
    private = frozenset({"query"})
    query: str
    shown: int | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """`marks`: code-point ranges [start, end) of the text that the query's words stand for. `delivery`: what has become
    of it, each word once, where recipients differ; empty where nobody has said."""

    message: Message
    marks: list[tuple[int, int]]
    delivery: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the archive an answer is about: `indexed` of `of` texts, the ledger up to entry `through`.

    `rebuilding`: months of expiry ("2027-12") whose part of the index was damaged, and is being made again.
    """

    indexed: int
    of: int
    through: int
    rebuilding: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return self.indexed >= self.of and not self.rebuilding


@dataclass(frozen=True, slots=True)
class Found:
    """`count` is None where only the page was asked for and there are more. `understood`: the query as it was read.

    `took`: seconds. `compared`: the best were looked for among the newest so many hits only; None where among all.
    `damaged`: serials of hits of this page that are not what the ledger committed to, and so are not shown.
    """

    hits: list[Hit]
    count: int | None
    coverage: Coverage
    next: str | None
    understood: str
    took: float
    damaged: tuple[int, ...] = ()
    compared: int | None = None

    def demand_whole(self) -> None:
        """For programs, to which a page without its damaged hits would look whole. Raises `Damaged`."""
        if self.damaged:
            without = " ".join(f"-serial:{serial}" for serial in self.damaged)
            raise Damaged(
                f"Texts of this page are not what the ledger committed to: {', '.join(map(str, self.damaged))}.",
                f"Run `textarchive verify`. To read the others meanwhile, add {without} to the search.",
            )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many texts a query finds, exactly, and of how much of the archive that is said."""

    count: int
    coverage: Coverage


def search(
    archive: Searchable,
    org_id: int,
    actor: Actor,
    line: str,
    *,
    limit: int = PAGE_LIMIT,
    cursor: str | None = None,
    order: Sorting = "newest",
    count: bool = True,
) -> Found:
    """One page of hits, with the count of all where it is wanted. Raises `QueryError`, `NotSearchable`, `Damaged`."""
    started = time.perf_counter()
    query = parse(line)
    with archive.transactions.read(org_id, actor) as tx:
        plan = resolve(tx, query)
        before = archive.index.state(org_id)
        page = _page(archive.index, org_id, plan, max(1, min(limit, LARGEST_PAGE)), cursor, order)
        if cursor is None and page.next is None:
            total: int | None = len(page.hits)
        else:
            total = archive.index.count(org_id, plan) if count else None
        coverage = _coverage(tx, before, archive.index.state(org_id))
        # What has been destroyed since it was indexed is no longer read, and so not shown.
        read = read_sound(tx, [serial for serial, _ in page.hits])
        became = statuses_among(tx, [message.serial for message in read.messages])
    hits = [
        Hit(message, find_marks(message.content.text, query), became.get(message.serial, ()))
        for message in read.messages
    ]
    archive.group.record(org_id, actor, SearchRun(query=line, shown=len(hits), count=total))
    took = time.perf_counter() - started
    return Found(hits, total, coverage, page.next, to_line(query), took, read.damaged, page.compared)


def count_hits(archive: Searchable, org_id: int, actor: Actor, line: str) -> Counted:
    """For a page that is shown first and told its count after. Raises as `search` does."""
    query = parse(line)
    with archive.transactions.read(org_id, actor) as tx:
        before = archive.index.state(org_id)
        total = archive.index.count(org_id, resolve(tx, query))
        coverage = _coverage(tx, before, archive.index.state(org_id))
    archive.group.record(org_id, actor, SearchRun(query=line, count=total))
    return Counted(total, coverage)


@dataclass(frozen=True, slots=True)
class _Page:
    hits: Sequence[tuple[int, int]]
    next: str | None
    compared: int | None = None


def _page(index: SearchIndex, org_id: int, plan: Plan, limit: int, cursor: str | None, order: Sorting) -> _Page:
    if order == "best":
        ranked = index.best(org_id, plan, limit, cursor)
        return _Page(ranked.hits, ranked.next, None if ranked.whole else ranked.compared)
    page = index.page(org_id, plan, limit, cursor, order)
    return _Page(page.hits, page.next)


def _coverage(tx: Tx, before: IndexState, after: IndexState) -> Coverage:
    """Of an answer that was made between two states: texts may come in meanwhile, and a month be given up."""
    lost = {**before.lost, **after.lost}
    of = before.texts + sum(before.lost.values()) + len(before.unreadable) + texts_after(tx, before.position)
    return Coverage(min(before.texts, after.texts), of, before.position, tuple(sorted(lost)))
