"""The migration that gives the numbers of an older archive their history."""

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from archive.core.clock import to_micros
from archive.db.engine import open_engine
from archive.db.migrate import MIGRATIONS
from archive.schema import whole_schema
from tests.conftest import StandingClock

AT = to_micros(StandingClock().now)


def upgrade(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes.update(connection=connection, schema=whole_schema())
    command.upgrade(config, to)


def insert(connection: Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(values)})"), values)


def entry(connection: Connection, seq: int, kind: str, detail: str) -> None:
    more = {"actor": "person:per_1", "subject": "num_1", "commitment": b"", "sealed": b"", "key_id": None}
    insert(connection, "ledger_entry", org_id=1, seq=seq, kind=kind, at=AT + seq, detail=detail, **more)


def test_an_older_archive_gets_the_history_that_its_ledger_knows(tmp_path: Any) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.connect() as connection, connection.begin():
        upgrade(connection, "0007")
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        row = {"org_id": 1, "location": "Austin", "label": "Kit", "since": AT + 2, "added_at": AT}
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        insert(connection, "number", id="num_1", e164="+12125550123", state="authorised", **row)
        insert(connection, "number", id="num_2", e164="+12125550124", state="suspended", **row)
        entry(connection, 1, "number.added", '{"e164":"+12125550123","state":"unauthorised","location":"Austin"}')
        entry(connection, 2, "number.state-changed", '{"before":"unauthorised","after":"authorised"}')
        upgrade(connection, "head")
        wanted = text("SELECT number_id, entry, changed_at, changed_by, state, label FROM number_change ORDER BY 1, 2")
        found = [tuple(change) for change in connection.execute(wanted)]
        connection.rollback()
    engine.dispose()
    assert found == [
        ("num_1", 1, AT + 1, "person:per_1", "unauthorised", "Kit"),
        ("num_1", 2, AT + 2, "person:per_1", "authorised", "Kit"),
        ("num_2", 0, AT + 2, "operator:migration", "suspended", "Kit"),
    ]
