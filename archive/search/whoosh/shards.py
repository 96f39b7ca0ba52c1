"""One month: a Whoosh index in a folder of its own. What is done here counts only once the manifest names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from archive.search.index import IndexedText
from archive.search.whoosh.codec import INDEX_NAME, TextSegment, make_schema
from archive.search.whoosh.disk import Disk, make_folder
from archive.search.whoosh.inverter import invert
from archive.search.whoosh.manifest import Digest, Shard, damaged, digest_of
from archive.search.whoosh.merging import rewrite, worth_finishing, worth_merging
from archive.search.whoosh.segments import Segment, write_segment


@dataclass(frozen=True, slots=True)
class OpenShard:
    """A month as it was at one commit."""

    shard: Shard
    segments: tuple[Segment, ...] = ()


NO_SHARD = OpenShard(Shard())


def open_shard(folder: Path, shard: Shard, known: Mapping[str, Segment]) -> OpenShard:
    """Open a month, taking from `known` the segments that are open already. Raises `Damaged`.

    Raises FileNotFoundError as well when a newer commit has removed its files meanwhile.
    """
    storage = FileStorage(str(folder))
    _require_whole(folder, shard, {segment.described.file_name for segment in known.values()})
    contents = TOC.read(storage, INDEX_NAME, gen=shard.generation, schema=make_schema())
    described: list[TextSegment] = contents.segments
    segments = tuple(known.get(one.segment_id()) or Segment(folder, one) for one in described)
    if sum(segment.size for segment in segments) != shard.texts:
        raise damaged(f"The month {folder.name} does not have its {shard.texts} texts.")
    return OpenShard(shard, segments)


def _require_whole(folder: Path, shard: Shard, trusted: set[str]) -> None:
    for name, digest in shard.files.items():
        if name not in trusted and digest_of(folder / name) != digest:
            raise damaged(f"The file {folder.name}/{name} was changed.")


class ShardWriter:
    """Makes the next generation of a month beside the present one."""

    def __init__(self, folder: Path, opened: OpenShard, disk: Disk) -> None:
        make_folder(folder)
        self._folder = folder
        self._storage = FileStorage(str(folder))
        self._old = opened
        self._disk = disk

    def extended(self, texts: Sequence[IndexedText]) -> Shard:
        """With the texts added."""
        ordered = sorted(texts, key=lambda text: (text.at, text.serial))
        ats, serials = np.array([text.at for text in ordered]), np.array([text.serial for text in ordered])
        added = Segment(self._folder, write_segment(self._storage, invert(ordered), ats, serials))
        segments = [*self._old.segments, added]
        return self._next(self._merged(segments, worth_merging([segment.size for segment in segments])))

    def finished(self) -> Shard | None:
        """With fewer segments, for a month that grows no more; None where that would not pay."""
        chosen = worth_finishing([segment.size for segment in self._old.segments])
        return self._next(self._merged(self._old.segments, chosen)) if chosen else None

    def without(self, serials: frozenset[int]) -> Shard | None:
        """Without the texts of these serials; None where none are left."""
        left: list[TextSegment] = []
        for segment in self._old.segments:
            if serials.isdisjoint(segment.serials.tolist()):
                left.append(segment.described)
            elif rewritten := rewrite(self._storage, [segment], serials):
                left.append(rewritten)
        return self._next(left) if left else None

    def _merged(self, segments: Sequence[Segment], chosen: Sequence[int]) -> list[TextSegment]:
        left = [segment.described for number, segment in enumerate(segments) if number not in chosen]
        merged = rewrite(self._storage, [segments[number] for number in chosen]) if chosen else None
        return [*left, merged] if merged else left

    def _next(self, segments: list[TextSegment]) -> Shard:
        generation = self._old.shard.generation + 1
        # What a crash left behind may have this name already.
        contents_name = TOC._filename(INDEX_NAME, generation)
        (self._folder / contents_name).unlink(missing_ok=True)
        TOC(make_schema(), segments, generation).write(self._storage, INDEX_NAME)
        names = [contents_name, *(segment.file_name for segment in segments)]
        files = {name: self._old.shard.files.get(name) or self._written(name) for name in names}
        self._disk.sync(self._folder)
        return Shard(generation, sum(segment.doc_count_all() for segment in segments), files)

    def _written(self, name: str) -> Digest:
        self._disk.sync(self._folder / name)
        return digest_of(self._folder / name)
