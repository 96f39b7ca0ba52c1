"""What an organisation's index consists of: the one file whose replacement is the commit.

It names for each month the generation of its Whoosh index with every file, its size and its SHA-256, and says up to
where the ledger is indexed, which texts of it could not be opened, and which months were lost. Position and texts can't
disagree, months can't be at different points, and nothing that Whoosh unpickles is opened before its digest was found
right.
"""

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from archive.core.errors import Damaged

FORMAT = 4
FILE_NAME = "manifest.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Digest:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Shard:
    """One month: its generation (the number of its table of contents), its files by name, and how many texts it has."""

    generation: int = 0
    texts: int = 0
    files: Mapping[str, Digest] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """`lost`, `removals` and `mark` as in `archive.search.index.IndexState`."""

    organisation: int
    position: int = 0
    unreadable: tuple[int, ...] = ()
    shards: Mapping[str, Shard] = field(default_factory=dict)
    lost: Mapping[str, int] = field(default_factory=dict)
    removals: int = 0
    mark: str = ""

    @property
    def texts(self) -> int:
        return sum(shard.texts for shard in self.shards.values())

    def without(self, periods: Collection[str]) -> "Manifest":
        """With these months lost. What had been mended of one that was lost before is lost again."""
        gone = {period: shard for period, shard in self.shards.items() if period in periods}
        if not gone:
            return self
        left = {period: shard for period, shard in self.shards.items() if period not in gone}
        lost = {period: shard.texts + self.lost.get(period, 0) for period, shard in gone.items()}
        return replace(self, shards=left, lost={**self.lost, **lost}, removals=self.removals + 1)

    def to_bytes(self) -> bytes:
        body = json.dumps({"format": FORMAT, **asdict(self)}, sort_keys=True)
        return f"{body}\n{hashlib.sha256(body.encode()).hexdigest()}\n".encode()


def read_manifest(folder: Path, org_id: int) -> Manifest:
    """An empty one where there is none; raises `Damaged` for one that was changed, or belongs elsewhere."""
    return parse_manifest(manifest_bytes(folder), org_id)


def manifest_bytes(folder: Path) -> bytes | None:
    """None where there is none. Equal bytes are the same commit.

    Every search asks, so this goes past Python's files, which take three times as long to open.
    """
    try:
        descriptor = os.open(f"{folder}/{FILE_NAME}", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        pieces = [os.read(descriptor, _CHUNK)]
        while len(pieces[-1]) == _CHUNK:
            pieces.append(os.read(descriptor, _CHUNK))
        return b"".join(pieces)
    finally:
        os.close(descriptor)


def parse_manifest(content: bytes | None, org_id: int) -> Manifest:
    if content is None:
        return Manifest(org_id)
    try:
        body, checksum, rest = content.split(b"\n")
    except ValueError:
        raise damaged("Its manifest is not whole.") from None
    if rest or hashlib.sha256(body).hexdigest().encode() != checksum:
        raise damaged("Its manifest was changed.")
    try:
        return _manifest(json.loads(body), org_id)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise damaged("Its manifest can't be read.") from None


def _manifest(values: Any, org_id: int) -> Manifest:
    if values.get("format") != FORMAT:
        raise damaged("It was written by another version of this program.")
    if values["organisation"] != org_id:
        raise damaged(f"It is the index of organisation {values['organisation']}, not of {org_id}.")
    return Manifest(
        organisation=org_id,
        position=values["position"],
        unreadable=tuple(values["unreadable"]),
        shards={period: _shard(shard) for period, shard in values["shards"].items()},
        lost=values["lost"],
        removals=values["removals"],
        mark=values["mark"],
    )


def _shard(values: Any) -> Shard:
    files = {name: Digest(**digest) for name, digest in values["files"].items()}
    return Shard(values["generation"], values["texts"], files)


def digest_of(path: Path) -> Digest:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Digest(size, digest.hexdigest())


class DamagedMonth(Damaged):
    """One month can't be trusted; the others can."""

    def __init__(self, period: str, what: str) -> None:
        super().__init__(f"The search index is damaged. {what}", "The month is indexed again when indexing runs next.")
        self.period = period


def damaged(what: str) -> Damaged:
    return Damaged(
        f"The search index is damaged. {what}", "It is built again from the database when indexing runs next."
    )
