"""Looks through an organisation's whole index, trusting nothing that is already open."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from archive.core.errors import Damaged
from archive.search.whoosh.manifest import FILE_NAME, Manifest, digest_of, read_manifest
from archive.search.whoosh.segments import Segment
from archive.search.whoosh.shards import open_shard

_ATTEMPTS = 3


def problems_of(folder: Path, org_id: int) -> list[str]:
    """One sentence for each; a commit that happens meanwhile is no problem."""
    problems: list[str] = []
    for _ in range(_ATTEMPTS):
        try:
            before = read_manifest(folder, org_id)
            problems = list(_problems(folder, before))
            if not problems or read_manifest(folder, org_id) == before:
                return problems
        except Damaged as problem:
            return [problem.message]
    return problems


def _problems(folder: Path, manifest: Manifest) -> Iterator[str]:
    serials: Counter[int] = Counter()
    for period, shard in manifest.shards.items():
        bad = list(_bad_files(folder / period, manifest, period))
        yield from bad
        if bad:
            continue
        for segment in open_shard(folder / period, shard, {}).segments:
            serials.update(segment.serials.tolist())
            if not _in_order(segment):
                yield f"The texts of {period}/{segment.name} are not in order."
    if serials and max(serials) > manifest.position:
        yield f"Text {max(serials)} is indexed, though the position is {manifest.position}."
    yield from (f"Text {serial} is indexed {times} times." for serial, times in serials.items() if times > 1)
    yield from _strangers(folder, {FILE_NAME, *manifest.shards})


def _bad_files(folder: Path, manifest: Manifest, period: str) -> Iterator[str]:
    files = manifest.shards[period].files
    for name, digest in files.items():
        if not (folder / name).is_file():
            yield f"The file {period}/{name} is missing."
        elif digest_of(folder / name) != digest:
            yield f"The file {period}/{name} was changed."
    yield from _strangers(folder, set(files))


def _strangers(folder: Path, known: set[str]) -> Iterator[str]:
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name not in known:
                yield f"{path.relative_to(folder.parent)} does not belong here."


def _in_order(segment: Segment) -> bool:
    later = segment.ats[1:] > segment.ats[:-1]
    equal = segment.ats[1:] == segment.ats[:-1]
    return bool(np.all(later | (equal & (segment.serials[1:] > segment.serials[:-1]))))
