"""The search index of the port, on Whoosh: `<folder>/<organisation>/<month of expiry>/`."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from archive.core.errors import ArchiveError
from archive.search.analysis import forget_words
from archive.search.index import (
    MOST_COMPARED,
    Difference,
    IndexedText,
    IndexFault,
    IndexState,
    Order,
    Page,
    Ranked,
    changed_meanwhile,
    from_rank_cursor,
)
from archive.search.plan import Plan
from archive.search.whoosh import paging, scoring
from archive.search.whoosh.binding import POSTINGS_AT_MOST, Budget
from archive.search.whoosh.checking import faults_in, quickly, thoroughly
from archive.search.whoosh.disk import Disk, keep_only, locked
from archive.search.whoosh.manifest import FILE_NAME, DamagedMonth, Manifest, Shard
from archive.search.whoosh.segments import Segment
from archive.search.whoosh.shards import NO_SHARD, ShardWriter
from archive.search.whoosh.snapshots import Snapshot, Snapshots

_Answer = TypeVar("_Answer")


class WhooshIndex:
    """One for each process; safe to share between threads. Writers take turns, readers never wait."""

    def __init__(self, folder: Path, disk: Disk | None = None, postings_at_most: int = POSTINGS_AT_MOST) -> None:
        self._folder = folder
        self._disk = disk or Disk()
        self._postings_at_most = postings_at_most
        self._lock = threading.Lock()
        self._organisations: dict[int, Snapshots] = {}

    def position(self, org_id: int) -> int:
        return self._newest(org_id).manifest.position

    def texts(self, org_id: int) -> int:
        return self._newest(org_id).trusted.texts

    def state(self, org_id: int) -> IndexState:
        now = self._newest(org_id).trusted
        return IndexState(now.position, now.texts, now.unreadable, now.lost, now.removals, now.mark)

    def page(self, org_id: int, plan: Plan, limit: int, cursor: str | None = None, order: Order = "newest") -> Page:
        return self._answer(
            org_id,
            lambda segments: paging.page(segments, plan, Budget(self._postings_at_most), limit, cursor, order),
        )

    def best(self, org_id: int, plan: Plan, limit: int, cursor: str | None = None, most: int = MOST_COMPARED) -> Ranked:
        through, rank = from_rank_cursor(cursor) if cursor else (self._newest(org_id).manifest.position, 0)
        # Every list is looked up twice: for the hits, and for how often each word is where.
        return self._answer(
            org_id,
            lambda segments: scoring.best(
                segments, plan, Budget(2 * self._postings_at_most), limit, through, rank, most
            ),
        )

    def count(self, org_id: int, plan: Plan) -> int:
        return self._answer(org_id, lambda segments: paging.count(segments, plan, Budget(self._postings_at_most)))

    def add(
        self,
        org_id: int,
        texts: Sequence[IndexedText],
        through: int,
        unreadable: Collection[int] = (),
        since: IndexState | None = None,
        mark: str = "",
    ) -> None:
        with self._writing(org_id) as now:
            trusted = now.trusted
            if since and (since.position, since.removals) != (trusted.position, trusted.removals):
                raise changed_meanwhile()
            new = [text for text in texts if text.serial > trusted.position]
            after = self._with_texts(now, new, unreadable)
            shards = {**after.shards, **self._one_finished(now, after)}
            if through > trusted.position:
                after = replace(after, position=through, mark=mark)
            self._commit(replace(after, shards=shards), now.manifest)

    def mend(
        self, org_id: int, texts: Sequence[IndexedText], unreadable: Collection[int], since: IndexState, *, done: bool
    ) -> None:
        with self._writing(org_id) as now:
            if since.removals != now.trusted.removals or since.position > now.manifest.position:
                raise changed_meanwhile()
            absent = now.absent([text.serial for text in texts])
            lacking = [text for text in texts if text.serial in absent]
            after = self._with_texts(now, lacking, unreadable)
            mended = Counter(text.period for text in lacking)
            left = {period: max(0, count - mended[period]) for period, count in after.lost.items()}
            self._commit(replace(after, lost={} if done else left), now.manifest)

    def purge(self, org_id: int, serials: Collection[int]) -> int:
        """Looked for in every month: a text whose expiry was moved is still in the one it was put into.

        Also removes whatever a crash has left, and makes this process forget the words it remembers.
        """
        with self._writing(org_id) as now:
            trusted, gone = now.trusted, frozenset(serials)
            shards = dict(trusted.shards)
            for period, opened in now.shards.items():
                if not opened.lacks(gone):
                    left = self._writer(now, period).without(gone)
                    shards = _with(shards, period, left)
            unreadable = tuple(serial for serial in trusted.unreadable if serial not in gone)
            after = replace(trusted, unreadable=unreadable, shards=shards, removals=trusted.removals + 1)
            self._commit(after, now.manifest)
            forget_words()
            return trusted.texts - after.texts

    def check(self, org_id: int, *, thorough: bool = True) -> list[IndexFault]:
        return faults_in(self._folder_of(org_id), org_id, thoroughly if thorough else quickly)

    def give_up(self, org_id: int, periods: Collection[str]) -> None:
        with self._writing(org_id) as now:
            self._commit(now.trusted.without(periods), now.manifest)
        forget_words()

    def compare(self, org_id: int, stored: Collection[int], through: int) -> Difference:
        return self._newest(org_id).compared(stored, through)

    def drop(self, org_id: int) -> None:
        folder = self._folder_of(org_id)
        with locked(folder):
            # Without its manifest an index is empty, whatever lies about.
            (folder / FILE_NAME).unlink(missing_ok=True)
            self._disk.sync(folder)
            keep_only(folder, ())
        forget_words()

    def _answer(self, org_id: int, ask: Callable[[Sequence[Segment]], _Answer]) -> _Answer:
        """What can't be evaluated was damaged under our hands, or is a fault of ours: opening it anew tells which."""
        try:
            return ask(self._newest(org_id).segments)
        except ArchiveError:
            raise
        except Exception:  # noqa: BLE001 - numpy raises what it happens to stumble over.
            return ask(self._snapshots(org_id).anew().segments)

    @contextmanager
    def _writing(self, org_id: int) -> Iterator[Snapshot]:
        """Alone to write. A month that turns out to be damaged is given up; the work has to be tried again."""
        with locked(self._folder_of(org_id)):
            now = self._newest(org_id)
            try:
                yield now
            except DamagedMonth as problem:
                self._commit(now.trusted.without([problem.period]), now.manifest)
                raise changed_meanwhile() from problem

    def _with_texts(self, now: Snapshot, texts: Sequence[IndexedText], unreadable: Collection[int]) -> Manifest:
        """The trusted manifest with texts added, each to its month."""
        trusted = now.trusted
        months: defaultdict[str, list[IndexedText]] = defaultdict(list)
        for text in texts:
            months[text.period].append(text)
        added = {period: self._writer(now, period).extended(group) for period, group in sorted(months.items())}
        return replace(
            trusted,
            unreadable=tuple(sorted({*trusted.unreadable, *unreadable})),
            shards={**trusted.shards, **added},
        )

    def _one_finished(self, now: Snapshot, after: Manifest) -> dict[str, Shard]:
        """One of the months that got no text this time, in fewer segments: no more, so that a commit stays short."""
        for period, opened in sorted(now.shards.items()):
            if after.shards[period] == opened.shard and (finished := self._writer(now, period).finished()):
                return {period: finished}
        return {}

    def _commit(self, after: Manifest, before: Manifest) -> None:
        """Once a text has been removed, so have to be the files that it was in; others may come back after a crash, and
        go with the next commit.
        """
        folder = self._folder_of(after.organisation)
        removed = after.removals != before.removals
        if after != before:
            self._disk.replace(folder / FILE_NAME, after.to_bytes())
        keep_only(folder, {FILE_NAME, *after.shards})
        for period, shard in after.shards.items():
            keep_only(folder / period, shard.files)
            if removed and shard != before.shards.get(period):
                self._disk.sync(folder / period)
        if removed:
            self._disk.sync(folder)

    def _writer(self, now: Snapshot, period: str) -> ShardWriter:
        return ShardWriter(
            self._folder_of(now.manifest.organisation) / period, now.shards.get(period, NO_SHARD), self._disk
        )

    def _newest(self, org_id: int) -> Snapshot:
        return self._snapshots(org_id).newest()

    def _snapshots(self, org_id: int) -> Snapshots:
        with self._lock:
            known = self._organisations.get(org_id)
            if known is None:
                known = self._organisations[org_id] = Snapshots(self._folder_of(org_id), org_id)
        return known

    def _folder_of(self, org_id: int) -> Path:
        return self._folder / str(org_id)


def _with(shards: dict[str, Shard], period: str, shard: Shard | None) -> dict[str, Shard]:
    """The shards with one month replaced, or gone."""
    others = {name: other for name, other in shards.items() if name != period}
    return {**others, period: shard} if shard else others
