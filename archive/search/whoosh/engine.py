"""The search index of the port, on Whoosh: `<folder>/<organisation>/<month of expiry>/`."""

import threading
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from archive.search.analysis import forget_words
from archive.search.index import MOST_COMPARED, IndexedText, IndexState, Order, Page, Ranked, from_rank_cursor
from archive.search.plan import Plan
from archive.search.whoosh import paging, scoring
from archive.search.whoosh.checking import problems_of
from archive.search.whoosh.disk import Disk, keep_only, locked
from archive.search.whoosh.evaluate import TERMS_AT_MOST, Budget
from archive.search.whoosh.manifest import FILE_NAME, Manifest, Shard
from archive.search.whoosh.shards import NO_SHARD, ShardWriter
from archive.search.whoosh.snapshots import Snapshot, Snapshots


class WhooshIndex:
    """One for each process; safe to share between threads. Writers take turns, readers never wait."""

    def __init__(self, folder: Path, disk: Disk | None = None, terms_at_most: int = TERMS_AT_MOST) -> None:
        self._folder = folder
        self._disk = disk or Disk()
        self._terms_at_most = terms_at_most
        self._lock = threading.Lock()
        self._organisations: dict[int, Snapshots] = {}

    def position(self, org_id: int) -> int:
        return self._newest(org_id).manifest.position

    def texts(self, org_id: int) -> int:
        return self._newest(org_id).manifest.texts

    def state(self, org_id: int) -> IndexState:
        manifest = self._newest(org_id).manifest
        return IndexState(manifest.position, manifest.texts, manifest.unreadable)

    def page(self, org_id: int, plan: Plan, limit: int, cursor: str | None = None, order: Order = "newest") -> Page:
        budget = Budget(self._terms_at_most)
        return paging.page(self._newest(org_id).segments, plan, budget, limit, cursor, order)

    def best(self, org_id: int, plan: Plan, limit: int, cursor: str | None = None, most: int = MOST_COMPARED) -> Ranked:
        now = self._newest(org_id)
        through, rank = from_rank_cursor(cursor) if cursor else (now.manifest.position, 0)
        # Every list is looked up twice: for the hits, and for how often each word is where.
        budget = Budget(2 * self._terms_at_most)
        return scoring.best(now.segments, plan, budget, limit, through, rank, most)

    def count(self, org_id: int, plan: Plan) -> int:
        return paging.count(self._newest(org_id).segments, plan, Budget(self._terms_at_most))

    def add(self, org_id: int, texts: Sequence[IndexedText], through: int, unreadable: Collection[int] = ()) -> None:
        with locked(self._folder_of(org_id)):
            now = self._newest(org_id)
            months: defaultdict[str, list[IndexedText]] = defaultdict(list)
            for text in texts:
                if text.serial > now.manifest.position:
                    months[text.period].append(text)
            shards = dict(now.manifest.shards)
            for period, group in sorted(months.items()):
                shards[period] = self._writer(now, period).extended(group)
            position = max(through, now.manifest.position)
            skipped = tuple(sorted({*now.manifest.unreadable, *unreadable}))
            self._commit(replace(now.manifest, position=position, unreadable=skipped, shards=shards), now.manifest)

    def purge(self, org_id: int, serials: Collection[int]) -> int:
        """Looked for in every month: a text whose expiry was moved is still in the one it was put into.

        Also removes whatever a crash has left, and makes this process forget the words it remembers.
        """
        with locked(self._folder_of(org_id)):
            now = self._newest(org_id)
            shards = dict(now.manifest.shards)
            for period, opened in now.shards.items():
                mine = frozenset(serials) & {serial for one in opened.segments for serial in one.serials.tolist()}
                if mine:
                    left = self._writer(now, period).without(mine)
                    shards = _with(shards, period, left)
            unreadable = tuple(serial for serial in now.manifest.unreadable if serial not in serials)
            after = replace(now.manifest, unreadable=unreadable, shards=shards)
            self._commit(after, now.manifest)
            forget_words()
            return now.manifest.texts - after.texts

    def check(self, org_id: int) -> list[str]:
        return problems_of(self._folder_of(org_id), org_id)

    def drop(self, org_id: int) -> None:
        folder = self._folder_of(org_id)
        with locked(folder):
            # Without its manifest an index is empty, whatever lies about.
            (folder / FILE_NAME).unlink(missing_ok=True)
            self._disk.sync(folder)
            keep_only(folder, ())
        forget_words()

    def _commit(self, after: Manifest, before: Manifest) -> None:
        folder = self._folder_of(after.organisation)
        if after != before:
            self._disk.replace(folder / FILE_NAME, after.to_bytes())
        keep_only(folder, {FILE_NAME, *after.shards})
        for period, shard in after.shards.items():
            keep_only(folder / period, shard.files)
            if shard != before.shards.get(period):
                self._disk.sync(folder / period)
        self._disk.sync(folder)

    def _writer(self, now: Snapshot, period: str) -> ShardWriter:
        return ShardWriter(
            self._folder_of(now.manifest.organisation) / period, now.shards.get(period, NO_SHARD), self._disk
        )

    def _newest(self, org_id: int) -> Snapshot:
        with self._lock:
            known = self._organisations.get(org_id)
            if known is None:
                known = self._organisations[org_id] = Snapshots(self._folder_of(org_id), org_id)
        return known.newest()

    def _folder_of(self, org_id: int) -> Path:
        return self._folder / str(org_id)


def _with(shards: dict[str, Shard], period: str, shard: Shard | None) -> dict[str, Shard]:
    """The shards with one month replaced, or gone."""
    others = {name: other for name, other in shards.items() if name != period}
    return {**others, period: shard} if shard else others
