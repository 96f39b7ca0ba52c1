"""What readers see: the last commit, opened once and kept until there is a newer one."""

import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from archive.search.whoosh.manifest import Manifest, damaged, manifest_bytes, parse_manifest
from archive.search.whoosh.segments import Segment
from archive.search.whoosh.shards import OpenShard, open_shard

_ATTEMPTS = 20


@dataclass(frozen=True)
class Snapshot:
    manifest: Manifest
    shards: dict[str, OpenShard] = field(default_factory=dict)

    @cached_property
    def segments(self) -> list[Segment]:
        """Those with the newest texts last."""
        segments = (segment for opened in self.shards.values() for segment in opened.segments)
        return sorted(segments, key=lambda segment: segment.last)


class Snapshots:
    """Of one organisation. Any number of threads may ask; a commit by another process is seen at the next request."""

    def __init__(self, folder: Path, org_id: int) -> None:
        self._folder = folder
        self._org_id = org_id
        self._lock = threading.Lock()
        self._seen: bytes | None = None
        self._now = Snapshot(Manifest(org_id))

    def newest(self) -> Snapshot:
        """Raises `Damaged` where a file is not what the manifest says."""
        with self._lock:
            content = manifest_bytes(self._folder)
            if content != self._seen:
                self._now, self._seen = self._opened(content)
            return self._now

    def _opened(self, content: bytes | None) -> tuple[Snapshot, bytes | None]:
        """The snapshot and the manifest that it was made from."""
        for _ in range(_ATTEMPTS):
            try:
                return self._open(parse_manifest(content, self._org_id)), content
            except FileNotFoundError:
                # A writer may have replaced the manifest and removed the old files since we read it.
                newer = manifest_bytes(self._folder)
                if newer == content:
                    break
                content = newer
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
