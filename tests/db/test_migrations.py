from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from archive.db.engine import open_engine
from archive.db.migrate import migrate, newest_version, version_of
from archive.schema import whole_schema


def test_the_migrations_make_exactly_what_the_code_maps(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, whole_schema())
    engine.dispose()
    assert differences == []


def test_several_processes_may_start_on_an_empty_database_at_once(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'new.db'}"
    engines = [open_engine(address) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda engine: migrate(engine, whole_schema()), engines))
    with engines[0].connect() as connection:
        assert version_of(connection) == newest_version()
        assert set(inspect(connection).get_table_names()) == {*whole_schema().tables, "alembic_version"}
    for engine in engines:
        engine.dispose()
