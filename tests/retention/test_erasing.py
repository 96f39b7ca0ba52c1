"""What the files of a database still hold: found where it is, and gone after the file was written anew."""

import os
import sqlite3
from pathlib import Path

from archive.db.engine import open_engine
from archive.retention.erasing import database_files, search_files, write_anew


def test_what_is_left_in_the_gaps_of_pages_is_found_and_goes_when_the_file_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    sealed = {number: os.urandom(200) for number in range(100)}
    gone = [sealed[number] for number in range(0, 100, 5)]
    bare = sqlite3.connect(path, isolation_level=None)
    bare.execute("PRAGMA secure_delete=OFF")  # Bytes stay in gaps, as they do when a page is split.
    bare.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, sealed BLOB)")
    bare.executemany("INSERT INTO kept VALUES (?, ?)", sealed.items())
    bare.execute("DELETE FROM kept WHERE number % 5 = 0")
    bare.close()
    engine = open_engine(f"sqlite:///{path}")
    assert search_files(database_files(engine), gone).found
    write_anew(engine)
    searched = search_files(database_files(engine), gone)
    assert (searched.looked_for, searched.found) == (20, 0)
    assert search_files(database_files(engine), [sealed[1]]).found == 1
    engine.dispose()
