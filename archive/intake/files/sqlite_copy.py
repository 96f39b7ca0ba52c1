"""A database of SQLite that a stranger may have made, opened from a copy that nobody writes to."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.intake.files.model import LARGEST, FileProblem, Source
from archive.intake.files.source import opened

SQLITE_BEGINS = b"SQLite format 3\0"
MOST_BYTES = 32 * LARGEST
"""Of one value."""
STEPS_AT_ONCE = 1_000_000
MOST_STEPS = 500
"""Millions of the database's own steps for one question, far more than any honest one takes."""

_DAMAGED = (sqlite3.Error, UnicodeDecodeError)
"""What Python's module raises; the second where the words of an error are themselves damaged."""


class Copy:
    """Answers questions; none may take for ever."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._left = MOST_STEPS
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
        connection.set_progress_handler(self._stop, STEPS_AT_ONCE)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.text_factory = _text

    def rows(self, query: str, *values: object) -> Iterator[dict[str, object]]:
        """FileProblem if the database is damaged, or the question takes too long."""
        self._left = MOST_STEPS
        try:
            asked = self._connection.execute(query, values)
            names = [column[0] for column in asked.description]
            for row in asked:
                self._left = MOST_STEPS
                yield dict(zip(names, row, strict=True))
        except _DAMAGED as error:
            raise FileProblem(f"This database can't be read ({error}). Copy it again, with its -wal file.") from None

    def columns(self, table: str) -> set[str]:
        """Empty if there is no such table; a view by its name is none."""
        real = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? AND sql LIKE 'CREATE TABLE %'"
        if not list(self.rows(real, table)):
            return set()
        return {str(row["name"]) for row in self.rows("SELECT name FROM pragma_table_info(?)", table)}

    def _stop(self) -> bool:
        self._left -= 1
        return self._left < 0


@contextmanager
def opened_copy(source: Source) -> Iterator[Copy]:
    """What was still in the write-ahead log (`-wal`, beside the file) is in the copy. The file stays untouched."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "copy.db"
        try:
            _copy(source, path)
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
                yield Copy(connection)
        except _DAMAGED as error:
            raise FileProblem(f"This database can't be opened ({error}). Copy it again, with its -wal file.") from None


def _copy(source: Source, path: Path) -> None:
    with opened(source) as stream, path.open("wb") as target:
        shutil.copyfileobj(stream, target)
    log = source.with_name(f"{source.name}-wal") if isinstance(source, Path) else None
    if log is None or not log.is_file():
        return
    shutil.copyfile(log, path.with_name(f"{path.name}-wal"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _text(written: bytes) -> str:
    return written.decode("utf-8", "replace")
