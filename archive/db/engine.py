"""Opens the database the way that the promises need it."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL

from archive.core.errors import BadInput

# secure_delete overwrites what is deleted; FULL means that a commit has reached the disk before it is answered.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=30000",
    "PRAGMA cache_size=-32768",
    # 32 MB of log before pages are copied into the database: hot index pages are then copied once, not every batch.
    "PRAGMA wal_autocheckpoint=8000",
    "PRAGMA temp_store=MEMORY",
)

# Errors are logged: with parameters in them a log would hold what the database may not.
POOL: dict[str, Any] = {"pool_size": 16, "max_overflow": 32, "hide_parameters": True}


def open_engine(address: str) -> Engine:
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    if url.get_backend_name() == "postgresql":
        return create_engine(url, **POOL, pool_pre_ping=True)
    raise BadInput(
        f"The database {url.get_backend_name()!r} is not supported.",
        "Set TEXTARCHIVE_DATABASE_URL to a sqlite:/// or postgresql:// address.",
    )


def _open_sqlite(url: URL) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url, **POOL, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one.
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A writer takes the lock at once: upgrading a reader half-way is what makes SQLite answer "locked".
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def reading(engine: Engine) -> dict[str, Any]:
    """How a connection is to begin that sees one moment, whatever is committed meanwhile. SQLite has no other kind."""
    return {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}


def writing(engine: Engine) -> dict[str, Any]:
    """How one is to begin that locks first, and then sees what was committed before it had the lock."""
    return {"sqlite_begin": "IMMEDIATE"} if engine.dialect.name == "sqlite" else {}


def demand_answer(engine: Engine) -> None:
    """Ask the database for next to nothing; raises when it does not answer."""
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
