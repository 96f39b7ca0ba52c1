"""SQLite's FTS5 as one would use it here: a contentless table of words, one of numbers, and a column of times.

Row ids are the serial numbers, which are in the order of time, so that the newest 25 are the first 25 from the end.
"""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from archive.bench.search.questions import PAGE, Question
from archive.search.index import IndexedText

_SCHEMA = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA cache_size=-65536",
    "PRAGMA mmap_size=1073741824",
    "CREATE TABLE text (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
    "CREATE VIRTUAL TABLE numbers USING fts5(number, content='', detail=none)",
    "CREATE VIRTUAL TABLE words USING fts5(body, content='', detail=full)",
    "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)",
)
_PAGE_OF_WORDS = f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT {PAGE}"  # noqa: S608
_COUNT_OF_WORDS = "SELECT count(*) FROM words WHERE words MATCH ?"
_OF_NUMBER = "FROM numbers JOIN text ON seq = numbers.rowid WHERE numbers MATCH ? AND at >= ? AND at < ?"
_PAGE_OF_NUMBER = f"SELECT seq {_OF_NUMBER} ORDER BY numbers.rowid DESC LIMIT {PAGE}"
_COUNT_OF_NUMBER = f"SELECT count(*) {_OF_NUMBER}"
_PAGE_OF_ALL = f"SELECT seq FROM text ORDER BY seq DESC LIMIT {PAGE}"  # noqa: S608
_COUNT_OF_ALL = "SELECT count(*) FROM text"

_Asked = tuple[str, tuple[Any, ...]]
"""A statement and its values."""


class Fts5:
    name = "FTS5"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.files = folder
        self._sqlite = sqlite3.connect(folder / "fts5.db", isolation_level=None)
        for statement in _SCHEMA:
            self._sqlite.execute(statement)

    def shape(self, texts: Sequence[IndexedText]) -> Any:
        times = [(text.serial, text.at) for text in texts]
        numbers = [(text.serial, f"{text.own_number[1:]} {text.others[0][1:]}") for text in texts]
        return times, numbers, [(text.serial, text.text) for text in texts]

    def add(self, shaped: Any) -> None:
        times, numbers, words = shaped
        if not self._sqlite.in_transaction:
            self._sqlite.execute("BEGIN")
        self._sqlite.executemany("INSERT INTO text VALUES (?, ?)", times)
        self._sqlite.executemany("INSERT INTO numbers (rowid, number) VALUES (?, ?)", numbers)
        self._sqlite.executemany("INSERT INTO words (rowid, body) VALUES (?, ?)", words)

    def finish(self) -> None:
        self._sqlite.execute("COMMIT")
        self._sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._sqlite.close()

    def page(self, question: Question) -> Callable[[], list[int]] | None:
        asked = self._asked(question, _PAGE_OF_WORDS, _PAGE_OF_NUMBER, _PAGE_OF_ALL)
        return asked and self.pages(*asked)

    def count(self, question: Question) -> Callable[[], int] | None:
        asked = self._asked(question, _COUNT_OF_WORDS, _COUNT_OF_NUMBER, _COUNT_OF_ALL)
        return asked and self.counts(*asked)

    def any_of(self, terms: Sequence[str]) -> tuple[list[int], int]:
        """The page and the count of the texts that have one of the terms."""
        match = (" OR ".join(map(_quoted, terms)) or '""',)
        return self.pages(_PAGE_OF_WORDS, match)(), self.counts(_COUNT_OF_WORDS, match)()

    def pages(self, statement: str, values: tuple[Any, ...]) -> Callable[[], list[int]]:
        run = self._sqlite.execute
        return lambda: [serial for (serial,) in run(statement, values).fetchall()]

    def counts(self, statement: str, values: tuple[Any, ...]) -> Callable[[], int]:
        run = self._sqlite.execute
        return lambda: int(run(statement, values).fetchone()[0])

    def terms(self, beginning: str) -> list[str]:
        """Every term of the index that begins so."""
        found = self._sqlite.execute(
            "SELECT term FROM temp.vocabulary WHERE term >= ? AND term < ?", (beginning, beginning + "\U0010ffff")
        )
        return [term for (term,) in found]

    def _asked(self, question: Question, words: str, number: str, everything: str) -> _Asked | None:
        match question.kind:
            case "fuzzy":
                return None
            case "number + 90 days":
                return number, (question.number[1:], question.start, question.until)
            case "everything":
                return everything, ()
            case _:
                return words, (_match(question),)


def _match(question: Question) -> str:
    if question.kind == "phrase":
        return _quoted(" ".join(question.words))
    every = " AND ".join(map(_quoted, question.words))
    if question.kind == "prefix":
        return every + " *"
    return f"{every} NOT {_quoted(question.without)}" if question.without else every


def _quoted(words: str) -> str:
    return f'"{words}"'
