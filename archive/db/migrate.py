"""Brings the schema up to date at start, under a lock, so that several processes may start at once."""

from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x7E87_A2C4  # Any number that nobody else uses for an advisory lock in this database.


def migrate(engine: Engine, schema: MetaData) -> None:
    """Run what is missing. Does next to nothing when nothing is: Alembic takes a second to import."""
    newest = newest_version()
    with engine.connect() as connection:
        if version_of(connection) == newest:
            return
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
        _lock(connection)
        if version_of(connection) != newest:
            _upgrade(connection, schema)


def newest_version() -> str:
    """Versions are named in order: 0001_…, 0002_…."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def version_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _lock(connection: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE is the lock already; on PostgreSQL it is given back with the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _upgrade(connection: Connection, schema: MetaData) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["schema"] = schema
    command.upgrade(config, "head")
