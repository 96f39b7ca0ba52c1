"""What the database's own files still hold after rows are gone: the log is emptied, and the bytes are looked for.

A row's content is sealed and its key destroyed, so what is looked for are sealed bytes: the beginnings of envelopes,
with their nonces, which occur nowhere else. Of PostgreSQL no file is ours to read. Its log and free pages keep sealed
bytes until they are used again; that these can't be opened is what the destroyed key is for.
"""

import mmap
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from archive.core.errors import Conflict

BYTES_TO_READ = 2 * 1024**3
"""So much is read at most: as many envelopes are looked for as fit in."""

TRIES, BETWEEN_SECONDS = 5, 0.2
LOCK_WAIT = "2s"


class LogBusy(Conflict):
    """Somebody reads what was there before, so the log can't be emptied."""

    slug = "log-busy"


@dataclass(frozen=True, slots=True)
class Searched:
    """`looked_for` envelopes in `files` of `size` bytes; `found` of them were there."""

    looked_for: int
    files: int
    size: int
    found: int


def empty_log(engine: Engine) -> None:
    """SQLite: write the log into the database and cut it to nothing.

    PostgreSQL: write the small table of keys anew, so that no page of it holds a destroyed one any more.
    Raises `LogBusy` when somebody reads what was there before.
    """
    if engine.dialect.name == "sqlite":
        _truncate(engine)
    else:
        _rewrite_keys(engine)


def write_anew(engine: Engine) -> None:
    """Write SQLite's whole file anew, row by row: `secure_delete` overwrites rows that are deleted, and not what a row
    leaves in a gap when its page is split. Takes some seconds a gigabyte, and nobody can write meanwhile.

    Raises `LogBusy` when somebody else is at it.
    """
    connection: Any = engine.raw_connection()
    try:
        connection.execute("VACUUM")
    except sqlite3.OperationalError:
        raise LogBusy(
            "The database is busy and can't be written anew.", "It is tried again with the next run."
        ) from None
    finally:
        connection.close()
    _truncate(engine)


def database_files(engine: Engine) -> list[Path]:
    """Those that are ours to read: of SQLite, the database with its log."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return []
    path = Path(engine.url.database)
    return sorted(path.parent.glob(f"{path.name}*"))


def search_files(files: Sequence[Path], needles: Sequence[bytes]) -> Searched:
    size = sum(path.stat().st_size for path in files)
    wanted = needles[: max(1, BYTES_TO_READ // max(size, 1))] if files else []
    found: set[bytes] = set()
    for path in files:
        found |= _found_in(path, wanted)
    return Searched(len(wanted), len(files), size, len(found))


def _found_in(path: Path, needles: Sequence[bytes]) -> set[bytes]:
    if not needles or not path.stat().st_size:
        return set()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return {needle for needle in needles if content.find(needle) >= 0}


def _truncate(engine: Engine) -> None:
    connection: Any = engine.raw_connection()
    try:
        for _ in range(TRIES):
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(BETWEEN_SECONDS)
    finally:
        connection.close()
    raise LogBusy("The database's log is being read and can't be emptied.", "It is tried again with the next run.")


def _rewrite_keys(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_WAIT}'"))
        try:
            connection.execute(text("VACUUM (FULL) data_key"))
        except OperationalError:
            raise LogBusy("The table of keys is being read.", "It is tried again with the next run.") from None
        finally:
            connection.execute(text("RESET lock_timeout"))
