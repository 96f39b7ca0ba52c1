"""What every test may ask for: a real archive on SQLite and on PostgreSQL, a clock that stands still, the facts."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

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
from tests.postgresql import postgresql

__all__ = ["object_store", "postgresql"]

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


@contextmanager
def new_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of its own, with the schema in it; gone at the end."""
    if kind == "sqlite":
        copy = folder / "data" / "archive.db"
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    with request.getfixturevalue("postgresql").new() as address:
        yield address


@contextmanager
def copy_database(request: pytest.FixtureRequest, address: str, folder: Path) -> Iterator[str]:
    """The address of a copy of a database that nobody is connected to; gone at the end."""
    if address.startswith("sqlite"):
        copy = folder / "data" / "archive.db"
        for path in Path(address.removeprefix("sqlite:///")).parent.glob("archive.db*"):
            shutil.copy(path, copy.with_name(path.name))
        yield f"sqlite:///{copy}"
        return
    with request.getfixturevalue("postgresql").copy(address) as copied:
        yield copied


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
