"""What an organisation's index consists of: the one file whose replacement is the commit.

It names for each month the generation of its Whoosh index with every file, its size and its SHA-256, and says up to
where the ledger is indexed and which texts of it could not be opened. Position and texts can't disagree, months can't
be at different points, and nothing that Whoosh unpickles is opened before its digest was found right.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive.core.errors import Damaged

FORMAT = 2
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
    organisation: int
    position: int = 0
    unreadable: tuple[int, ...] = ()
    shards: Mapping[str, Shard] = field(default_factory=dict)

    @property
    def texts(self) -> int:
        return sum(shard.texts for shard in self.shards.values())

    def to_bytes(self) -> bytes:
        body = json.dumps({"format": FORMAT, **asdict(self)}, sort_keys=True)
        return f"{body}\n{hashlib.sha256(body.encode()).hexdigest()}\n".encode()


def read_manifest(folder: Path, org_id: int) -> Manifest:
    """An empty one where there is none; raises `Damaged` for one that was changed, or belongs elsewhere."""
    return parse_manifest(manifest_bytes(folder), org_id)


def manifest_bytes(folder: Path) -> bytes | None:
    """None where there is none. Equal bytes are the same commit."""
    try:
        return (folder / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return None


def parse_manifest(content: bytes | None, org_id: int) -> Manifest:
    if content is None:
        return Manifest(org_id)
    try:
        body, checksum, rest = content.split(b"\n")
    except ValueError:
        raise damaged("Its manifest is not whole.") from None
    if rest or hashlib.sha256(body).hexdigest().encode() != checksum:
        raise damaged("Its manifest was changed.")
    values: dict[str, Any] = json.loads(body)
    if values["format"] != FORMAT:
        raise damaged("It was written by another version of this program.")
    if values["organisation"] != org_id:
        raise damaged(f"It is the index of organisation {values['organisation']}, not of {org_id}.")
    shards = {name: _shard(shard) for name, shard in values["shards"].items()}
    return Manifest(org_id, values["position"], tuple(values["unreadable"]), shards)


def _shard(values: dict[str, Any]) -> Shard:
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


def damaged(what: str) -> Damaged:
    return Damaged(
        f"The search index is damaged. {what}", "It is built again from the database when indexing runs next."
    )
