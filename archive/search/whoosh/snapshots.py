"""What readers see: the last commit, opened once and kept until there is a newer one."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from archive.core.errors import Damaged
from archive.search.index import Difference
from archive.search.whoosh.doubts import leave_doubts
from archive.search.whoosh.manifest import Manifest, manifest_bytes, parse_manifest
from archive.search.whoosh.sections import Numbers
from archive.search.whoosh.segments import Segment
from archive.search.whoosh.shards import OpenShard, open_shard

_ATTEMPTS = 20


@dataclass(frozen=True)
class Snapshot:
    """`manifest`: as it is stored. `damaged`: months of it that could not be opened; the others are in `shards`."""

    manifest: Manifest
    shards: dict[str, OpenShard] = field(default_factory=dict)
    damaged: Collection[str] = ()

    @cached_property
    def segments(self) -> list[Segment]:
        """Those with the newest texts last."""
        segments = (segment for opened in self.shards.values() for segment in opened.segments)
        return sorted(segments, key=lambda segment: segment.last)

    @property
    def trusted(self) -> Manifest:
        """The manifest with the damaged months lost: what is answered from, and what a writer goes on from."""
        return self.manifest.without(self.damaged)

    def absent(self, serials: Collection[int]) -> set[int]:
        """Those of the serials of which there is no text here."""
        wanted = _array(serials)
        return set(wanted[~np.isin(wanted, self._serials())].tolist())

    def compared(self, stored: Collection[int], through: int) -> Difference:
        """As in the port."""
        here = np.concatenate([self._serials(), _array(self.manifest.unreadable)])
        here, there = here[here <= through], _array(stored)
        return Difference(np.setdiff1d(there, here).tolist(), np.setdiff1d(here, there).tolist())

    def _serials(self) -> Numbers:
        return np.concatenate([_array(()), *(segment.serials for segment in self.segments)])


def _array(serials: Collection[int]) -> Numbers:
    return np.fromiter(serials, np.int64, len(serials))


class Snapshots:
    """Of one organisation. Any number of threads may ask; a commit by another process is seen at the next request."""

    def __init__(self, folder: Path, org_id: int) -> None:
        self._folder = folder
        self._org_id = org_id
        self._lock = threading.Lock()
        self._seen: bytes | None = None
        self._now = Snapshot(Manifest(org_id))

    def newest(self) -> Snapshot:
        """Raises `Damaged` where the manifest is; a damaged month keeps nobody from the others."""
        with self._lock:
            content = manifest_bytes(self._folder)
            if content != self._seen:
                self._now, self._seen = self._opened(content)
                leave_doubts(self._folder, self._now.damaged)
            return self._now

    def anew(self) -> Snapshot:
        """The newest, with every file read and compared again."""
        with self._lock:
            self._now, self._seen = Snapshot(Manifest(self._org_id)), None
        return self.newest()

    def _opened(self, content: bytes | None) -> tuple[Snapshot, bytes | None]:
        """The snapshot and the manifest that it was made from."""
        opened = self._open(parse_manifest(content, self._org_id))
        for _ in range(_ATTEMPTS):
            newer = manifest_bytes(self._folder) if opened.damaged else content
            if newer == content:
                break
            # A writer has replaced the manifest since we read it, and removed the old files: nothing was damaged.
            content = newer
            opened = self._open(parse_manifest(content, self._org_id))
        return opened, content

    def _open(self, manifest: Manifest) -> Snapshot:
        shards: dict[str, OpenShard] = {}
        damaged: list[str] = []
        for period in manifest.shards:
            try:
                shards[period] = self._open_shard(period, manifest)
            except Damaged:
                damaged.append(period)
        return Snapshot(manifest, shards, damaged)

    def _open_shard(self, period: str, manifest: Manifest) -> OpenShard:
        before = self._now.shards.get(period)
        shard = manifest.shards[period]
        if before and before.shard == shard:
            return before
        known = {segment.name: segment for segment in before.segments} if before else {}
        return open_shard(self._folder / period, shard, known)
