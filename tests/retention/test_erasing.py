"""What the files of a database still hold: found where it is, and gone after the file was written anew."""

import os
from pathlib import Path

from sqlalchemy import text

from archive.db.engine import open_engine
from archive.retention.erasing import database_files, empty_log, search_files, write_anew


def test_what_is_left_in_the_gaps_of_pages_is_found_and_goes_when_the_file_is_written_anew(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.db'}")
    sealed = {number: os.urandom(200) for number in range(100)}
    gone = [sealed[number] for number in range(0, 100, 2)]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE TABLE kept (number INTEGER PRIMARY KEY, sealed BLOB)"))
        rows = [{"number": number, "sealed": content} for number, content in sealed.items()]
        connection.execute(text("INSERT INTO kept VALUES (:number, :sealed)"), rows)
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")  # Bytes stay in gaps, as they do when a page is split.
        connection.execute(text("DELETE FROM kept WHERE number % 2 = 0"))
    empty_log(engine)
    assert search_files(database_files(engine), gone).found
    write_anew(engine)
    searched = search_files(database_files(engine), gone)
    assert (searched.looked_for, searched.found) == (50, 0)
    assert search_files(database_files(engine), [sealed[1]]).found == 1
    engine.dispose()
