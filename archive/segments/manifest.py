"""What a backup consists of: each object with its size and SHA-256, signed by the organisation whose it is.

It is a file that a stranger checks (`ledger.signed_file`).
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

import msgspec

from archive.core.errors import Damaged, NotFound
from archive.ledger.entry import encode
from archive.ledger.note import VerifierKey
from archive.ledger.signed_file import Kind
from archive.ledger.signing import Signer
from archive.segments.vault import Vault

_FILE = Kind("textarchive-backup-v1", "manifest")
SUFFIX = ".manifest"

Objects = Mapping[str, tuple[int, str]]
"""Name → (bytes, SHA-256 in hexadecimal)."""


class Manifest(msgspec.Struct, frozen=True):
    """`entries`: how many the ledger had; everything up to there is in the backup."""

    organisation: str
    made_at: datetime
    entries: int
    objects: dict[str, tuple[int, str]]


def sign_manifest(manifest: Manifest, signer: Signer) -> bytes:
    return _FILE.sign(encode(manifest).decode(), signer).encode()


def open_manifest(content: bytes, key: VerifierKey) -> Manifest:
    """Raises `Damaged` unless `key` signed it."""
    try:
        return msgspec.json.decode(_FILE.open(content.decode(), key), type=Manifest)
    except (ValueError, msgspec.MsgspecError) as problem:
        raise Damaged(f"The list of what is in the backup is not good: {problem}.", "Use another backup.") from None


def hashed(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.sha256(content).hexdigest()


def damaged_objects(vault: Vault, objects: Objects) -> Iterator[str]:
    """Reads every object; the names of those that are gone or not what they were."""
    for name, expected in sorted(objects.items()):
        try:
            if hashed(vault.get(name)) != expected:
                yield name
        except NotFound:
            yield name


def list_objects(vault: Vault, organisation: str, going: Collection[str], known: Objects) -> dict[str, tuple[int, str]]:
    """What is there and stays: as it is known, or, where a run was broken off before it made its list, as it is."""
    there = {version.name: version.size for version in vault.versions(f"{organisation}/") if not version.is_marker}
    return {
        name: known[name] if name in known and known[name][0] == size else hashed(vault.get(name))
        for name, size in there.items()
        if name not in going
    }


def demand_sound(vault: Vault, known: Objects, objects: Objects, wanted: Objects) -> None:
    """Raises `Damaged` if anything of what is `known` has gone or changed, or of what is `wanted`, which is read."""
    bad = {name for name, expected in known.items() if objects.get(name) != expected}
    bad |= set(damaged_objects(vault, wanted))
    if bad:
        some = ", ".join(sorted(bad)[:3])
        raise Damaged(
            f"In {vault.place} {len(bad)} objects are not what was put there: {some}.",
            "The disk or the store is not to be relied upon. Make a backup in another place.",
        )
