"""An archive with texts in it is brought up to date, and loses nothing on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from archive.db.engine import open_engine
from archive.db.migrate import MIGRATIONS, migrate, newest_version, version_of
from archive.schema import whole_schema

DAY = 86_400 * 1_000_000
RECEIVED, EXPIRES = 20_000 * DAY + 5, 20_400 * DAY + 5

TEXT = (
    "INSERT INTO message (org_id, seq, direction, own_number, provider, provider_id, conversation, received_at,"
    " expires_at, policy, flags, key_id, sealed)"
    f" VALUES (1, :seq, 'inbound', '+12125550123', 'twilio', 'SM1', 7, {RECEIVED}, :expires, 1, '', 9, :sealed)"
)


def upgrade(engine: Engine, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
        config.attributes["connection"] = connection
        config.attributes["schema"] = whole_schema()
        command.upgrade(config, version)


@pytest.fixture
def old(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Engine]:
    """A database of the first version, with an organisation and two texts."""
    if database_url.startswith("sqlite"):
        engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        engine = open_engine(database_url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO organisation VALUES (1, 'org_1', 'Harbour', 'harbour.example', 0)"))
        for seq in (1, 2):
            connection.execute(text(TEXT), {"seq": seq, "expires": EXPIRES + seq * DAY, "sealed": b"\x00\x01"})
    yield engine
    engine.dispose()


@pytest.mark.tampers
def test_texts_of_the_first_version_are_looked_at_on_the_day_on_which_they_expire(old: Engine) -> None:
    migrate(old, whole_schema())
    with old.begin() as connection:
        assert version_of(connection) == newest_version()
        rows = connection.execute(text("SELECT seq, due_on, shredding, expires_at, sealed FROM message ORDER BY seq"))
        assert [(*row[:4], bytes(row.sealed)) for row in rows] == [
            (seq, 20_400 + seq, None, EXPIRES + seq * DAY, b"\x00\x01") for seq in (1, 2)
        ]


@pytest.mark.tampers
def test_the_new_rules_hold_for_the_old_table_and_it_is_still_stored_by_its_key(old: Engine) -> None:
    migrate(old, whole_schema())
    for least in (f"{RECEIVED} + 400 * {DAY} - 1", f"{RECEIVED} + 30 * {DAY} - 1"):
        with pytest.raises(IntegrityError), old.begin() as connection:
            connection.execute(text(f"UPDATE message SET expires_at = {least}"))
    indexes = {index["name"] for index in inspect(old).get_indexes("message")}
    assert indexes == {"ix_message_due_on", "ix_message_key_id"}
    if old.dialect.name == "sqlite":
        with old.connect() as connection:
            made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'message'"))
        assert "WITHOUT ROWID" in str(made)
