"""Looks for secrets in raw files, in every spelling in which a program might have written them down.

Looking for thousands of strings in a database's files would take minutes, so the files are cut into runs of printable
characters first (those of UTF-16 with the zero bytes taken out), and each window of a run is looked up in a set.
"""

import re
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from sqlalchemy import text

from archive.wiring import Archive

_PLAIN = re.compile(rb"[\x20-\x7e]{10,}")
_LITTLE_ENDIAN = re.compile(rb"(?:[\x20-\x7e]\x00){10,}")
_BIG_ENDIAN = re.compile(rb"(?:\x00[\x20-\x7e]){10,}")

Needles = Mapping[bytes, str]


def spellings(secret: str) -> dict[bytes, str]:
    """Needle → which spelling it is. The secret is ASCII; of long spellings an inner part is enough."""
    raw = secret.encode()
    found = {raw: "as it is (UTF-8 or UTF-16)", raw.hex().encode(): "hex", raw.hex().upper().encode(): "hex"}
    for shift in range(3):
        # Characters of base64 that come from the secret alone, wherever in the encoded bytes it begins.
        encoded = b64encode(bytes(shift) + raw)
        start = -(-8 * shift // 6)
        found[encoded[start : (shift + len(raw)) * 8 // 6]] = "base64"
    return found


def where_found(needles: Needles, folder: Path, *, without: Collection[Path] = ()) -> dict[str, set[str]]:
    """Spelling → names of the files below `folder`, but not below `without`, in which a needle stands in it."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(path.is_relative_to(other) for other in without):
            for needle in found_in(needles, path.read_bytes()):
                found.setdefault(needles[needle], set()).add(path.name)
    return found


def found_in(needles: Needles, content: bytes) -> set[bytes]:
    lengths = sorted({len(needle) for needle in needles})
    return {
        run[at : at + length]
        for run in _runs(content)
        for length in lengths
        for at in range(len(run) - length + 1)
        if run[at : at + length] in needles
    }


def _runs(content: bytes) -> Iterator[bytes]:
    yield from _PLAIN.findall(content)
    yield from (run[::2] for run in _LITTLE_ENDIAN.findall(content))
    yield from (run[1::2] for run in _BIG_ENDIAN.findall(content))


def database_folder(archive: Archive) -> Path:
    """The folder of the database's files, with everything written to them."""
    if archive.engine.dialect.name == "sqlite":
        return archive.settings.data
    with archive.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        return Path(connection.scalars(text("SHOW data_directory")).one())


def other_databases(archive: Archive, folder: Path) -> list[Path]:
    """Those of tests that ran before on the same server."""
    if archive.engine.dialect.name == "sqlite":
        return []
    with archive.engine.connect() as connection:
        own = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return [path for path in (folder / "base").iterdir() if path.name != str(own)]
