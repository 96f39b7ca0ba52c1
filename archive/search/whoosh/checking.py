"""Looks through an organisation's whole index, trusting nothing that is already open."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import numpy as np

from archive.core.errors import Damaged
from archive.search.index import IndexFault
from archive.search.whoosh.disk import is_being_written
from archive.search.whoosh.doubts import doubted
from archive.search.whoosh.manifest import FILE_NAME, Manifest, Shard, read_manifest
from archive.search.whoosh.sections import Numbers
from archive.search.whoosh.segments import Segment
from archive.search.whoosh.shards import has_size, open_shard

_ATTEMPTS = 3

Look = Callable[[Path, Manifest], Iterator[IndexFault]]


def faults_in(folder: Path, org_id: int, look: Look) -> list[IndexFault]:
    """A commit that happens meanwhile is no fault."""
    faults: list[IndexFault] = []
    for _ in range(_ATTEMPTS):
        try:
            before = read_manifest(folder, org_id)
            faults = list(look(folder, before))
            if not faults or read_manifest(folder, org_id) == before:
                return faults
        except Damaged as problem:
            return [IndexFault(problem.message)]
    return faults


def quickly(folder: Path, manifest: Manifest) -> Iterator[IndexFault]:
    """Whether every file is there and of its size; and everything of the months that a reader could not open."""
    for period, shard in manifest.shards.items():
        for name, digest in shard.files.items():
            if not has_size(folder / period / name, digest.size):
                yield IndexFault(f"The file {period}/{name} is missing, or not of its size.", period)
    for period in doubted(folder):
        yield IndexFault(f"The month {period} could not be opened by a reader.")
        if period in manifest.shards:
            yield from _of_month(folder / period, manifest.shards[period], {})


def thoroughly(folder: Path, manifest: Manifest) -> Iterator[IndexFault]:
    """Every byte against its digest, every text against the rules of order and number."""
    serials: dict[str, Numbers] = {}
    for period, shard in manifest.shards.items():
        yield from _of_month(folder / period, shard, serials)
        yield from _strangers(folder, folder / period, shard.files)
    for period, found in serials.items():
        if found.max() > manifest.position:
            yield IndexFault(f"A text of {period} is beyond the position {manifest.position}.", period)
    yield from _doubles(serials)
    yield from _strangers(folder, folder, {FILE_NAME, *manifest.shards})
    for period, texts in manifest.lost.items():
        yield IndexFault(f"The month {period} is being indexed again; {texts} texts are still lacking.")


def _of_month(folder: Path, shard: Shard, serials: dict[str, Numbers]) -> Iterator[IndexFault]:
    """Puts the serials of the month into `serials`, where it can be opened."""
    period = folder.name
    try:
        segments = open_shard(folder, shard, {}).segments
    except Damaged as problem:
        yield IndexFault(problem.message, period)
        return
    serials[period] = np.concatenate([segment.serials for segment in segments])
    for segment in segments:
        if not _in_order(segment):
            yield IndexFault(f"The texts of {period}/{segment.name} are not in order.", period)


def _in_order(segment: Segment) -> bool:
    later = segment.ats[1:] > segment.ats[:-1]
    equal = segment.ats[1:] == segment.ats[:-1]
    return bool(np.all(later | (equal & (segment.serials[1:] > segment.serials[:-1]))))


def _doubles(serials: Mapping[str, Numbers]) -> Iterator[IndexFault]:
    if not serials:
        return
    found, times = np.unique(np.concatenate(list(serials.values())), return_counts=True)
    doubled = found[times > 1]
    for period, here in serials.items():
        for serial in np.unique(here[np.isin(here, doubled)]).tolist():
            yield IndexFault(f"Text {serial} of {period} is indexed more than once.", period)


def _strangers(root: Path, folder: Path, known: Collection[str]) -> Iterator[IndexFault]:
    """What somebody is writing at this moment is no stranger, though no manifest names it yet."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name not in known and not is_being_written(root):
                yield IndexFault(f"{path.relative_to(folder.parent)} does not belong here.")
