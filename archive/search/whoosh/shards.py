"""One month: a Whoosh index in a folder of its own. What is done here counts only once the manifest names it."""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from archive.core.errors import Damaged
from archive.search.index import IndexedText
from archive.search.whoosh.codec import INDEX_NAME, TextSegment, make_schema
from archive.search.whoosh.disk import Disk, make_folder
from archive.search.whoosh.inverter import invert
from archive.search.whoosh.manifest import DamagedMonth, Digest, Shard, digest_of
from archive.search.whoosh.merging import rewrite, worth_finishing, worth_merging
from archive.search.whoosh.segments import Segment, write_segment


@dataclass(frozen=True, slots=True)
class OpenShard:
    """A month as it was at one commit."""

    shard: Shard
    segments: tuple[Segment, ...] = ()

    def lacks(self, serials: frozenset[int]) -> bool:
        """Whether it has no text of these serials."""
        return all(segment.lacks(serials) for segment in self.segments)


NO_SHARD = OpenShard(Shard())

_NOT_OF_THE_FILE = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EPERM}
"""Troubles of this process or of its rights: they pass, and a month is not thrown away for them."""


def open_shard(folder: Path, shard: Shard, known: Mapping[str, Segment]) -> OpenShard:
    """Open a month, taking from `known` the segments that are open already.

    Raises `DamagedMonth` whatever is the matter with its files; one that is missing may belong to an older commit.
    """
    try:
        return _opened(folder, shard, known)
    except Damaged:
        raise
    except OSError as problem:
        if problem.errno in _NOT_OF_THE_FILE:
            raise
        raise DamagedMonth(folder.name, f"A file of the month {folder.name} can't be read.") from problem
    except Exception as problem:
        # Whoosh raises what it happens to stumble over. The digests were right, so this was written by other code.
        what = f"The month {folder.name} can't be opened ({type(problem).__name__})."
        raise DamagedMonth(folder.name, what) from problem


def _opened(folder: Path, shard: Shard, known: Mapping[str, Segment]) -> OpenShard:
    open_already = {segment.file_name for segment in known.values()}
    _require_whole(folder, {name: digest for name, digest in shard.files.items() if name not in open_already})
    storage = FileStorage(str(folder))
    contents = TOC.read(storage, INDEX_NAME, gen=shard.generation, schema=make_schema())
    described: list[TextSegment] = contents.segments
    segments = tuple(known.get(one.segment_id()) or Segment(folder, one) for one in described)
    if sum(segment.size for segment in segments) != shard.texts:
        raise DamagedMonth(folder.name, f"The month {folder.name} does not have its {shard.texts} texts.")
    return OpenShard(shard, segments)


def _require_whole(folder: Path, files: Mapping[str, Digest]) -> None:
    for name, digest in files.items():
        path = folder / name
        if not has_size(path, digest.size):
            raise DamagedMonth(folder.name, f"The file {folder.name}/{name} is missing, or not of its size.")
        if digest_of(path) != digest:
            raise DamagedMonth(folder.name, f"The file {folder.name}/{name} was changed.")


def has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except (FileNotFoundError, NotADirectoryError):
        return False


class ShardWriter:
    """Makes the next generation of a month beside the present one. Each method raises `DamagedMonth`."""

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
            if segment.lacks(serials):
                left.append(segment.described)
            elif rewritten := self._rewritten([segment], serials):
                left.append(rewritten)
        return self._next(left) if left else None

    def _merged(self, segments: Sequence[Segment], chosen: Sequence[int]) -> list[TextSegment]:
        left = [segment.described for number, segment in enumerate(segments) if number not in chosen]
        merged = self._rewritten([segments[number] for number in chosen]) if chosen else None
        return [*left, merged] if merged else left

    def _rewritten(self, segments: Sequence[Segment], gone: frozenset[int] = frozenset()) -> TextSegment | None:
        """One segment of several. What was damaged since it was opened must not become sound by being copied."""
        names = {segment.file_name for segment in segments}
        _require_whole(
            self._folder, {name: self._old.shard.files[name] for name in names & self._old.shard.files.keys()}
        )
        return rewrite(self._storage, segments, gone)

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
