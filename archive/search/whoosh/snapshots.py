"""What readers see: the last commit, opened once and kept until there is a newer one."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from archive.search.whoosh.manifest import FILE_NAME, Manifest, damaged, read_manifest
from archive.search.whoosh.segments import Segment
from archive.search.whoosh.shards import OpenShard, open_shard

_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Snapshot:
    manifest: Manifest
    shards: dict[str, OpenShard] = field(default_factory=dict)

    @property
    def segments(self) -> list[Segment]:
        return [segment for opened in self.shards.values() for segment in opened.segments]


class Snapshots:
    """Of one organisation. Any number of threads may ask; a commit by another process is seen at the next request."""

    def __init__(self, folder: Path, org_id: int) -> None:
        self._folder = folder
        self._org_id = org_id
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] | None = None
        self._now = Snapshot(Manifest(org_id))

    def newest(self) -> Snapshot:
        """Raises `Damaged` where a file is not what the manifest says."""
        with self._lock:
            state = self._state()
            if state != self._seen:
                self._now = self._opened()
                self._seen = state
            return self._now

    def _state(self) -> tuple[int, ...]:
        try:
            stat = (self._folder / FILE_NAME).stat()
        except FileNotFoundError:
            return ()
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _opened(self) -> Snapshot:
        manifest = read_manifest(self._folder, self._org_id)
        for _ in range(_ATTEMPTS):
            try:
                return self._open(manifest)
            except FileNotFoundError:
                # A writer may have replaced the manifest and removed the old files since we read it.
                newer = read_manifest(self._folder, self._org_id)
                if newer == manifest:
                    break
                manifest = newer
        raise damaged("A file of it is missing.")

    def _open(self, manifest: Manifest) -> Snapshot:
        return Snapshot(manifest, {period: self._open_shard(period, manifest) for period in manifest.shards})

    def _open_shard(self, period: str, manifest: Manifest) -> OpenShard:
        before = self._now.shards.get(period)
        shard = manifest.shards[period]
        if before and before.shard == shard:
            return before
        known = {segment.name: segment for segment in before.segments} if before else {}
        return open_shard(self._folder / period, shard, known)
