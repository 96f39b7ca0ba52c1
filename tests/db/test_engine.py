"""The database is opened the way that the promises need it, on every connection."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from archive.core.errors import BadInput
from archive.db.engine import open_engine

WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 30_000}


def _pragmas(connection: Connection) -> dict[str, object]:
    return {name: connection.scalar(text(f"PRAGMA {name}")) for name in WANTED}


def test_every_pooled_connection_to_sqlite_has_the_pragmas(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'a.db'}")
    connections = [engine.connect() for _ in range(5)]
    found = [_pragmas(connection) for connection in connections]
    for connection in connections:
        connection.close()
    engine.dispose()
    assert found == [WANTED] * 5


def test_foreign_keys_are_really_enforced(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO ledger_head (org_id, size) VALUES (4711, 0)"))
    engine.dispose()


def test_what_fails_is_reported_without_its_values(database_url: str) -> None:
    engine = open_engine(database_url)
    insert = text("INSERT INTO ledger_head (org_id, size) VALUES (:org_id, length(:secret))")
    with engine.connect() as connection, pytest.raises(IntegrityError) as failed:
        connection.execute(insert, {"org_id": 4711, "secret": "closing-is-at-noon"})
    engine.dispose()
    assert "closing-is-at-noon" not in str(failed.value)
    assert "hide_parameters" in str(failed.value)


def test_a_deleted_row_is_overwritten_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    engine = open_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE scratch (word TEXT)"))
        connection.execute(text("INSERT INTO scratch VALUES ('a-word-to-be-deleted')"))
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    assert b"a-word-to-be-deleted" in path.read_bytes()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM scratch"))
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    assert b"a-word-to-be-deleted" not in path.read_bytes()


def test_the_folder_of_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path / 'new' / 'a.db'}").dispose()
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_another_kind_of_database_is_refused_with_the_two_that_there_are() -> None:
    with pytest.raises(BadInput, match="sqlite:/// or postgresql://"):
        open_engine("mysql://somewhere/texts")
