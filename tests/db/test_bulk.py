"""Bulk inserts go past SQLAlchemy; every value still arrives as it was, by executemany and by COPY."""

from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text, select

from archive.db.bulk import bulk_insert
from archive.db.engine import open_engine

SCRATCH = Table(
    "scratch_bulk",
    MetaData(),
    Column("org_id", BigInteger, primary_key=True),
    Column("id", BigInteger, primary_key=True),
    Column("word", Text),
    Column("bytes", LargeBinary),
    Column("number", BigInteger),
)
COLUMNS = ("id", "word", "bytes", "number")

# What COPY's text form would take for the end of a field, of a row, of the data, or for NULL.
WORDS = ["", "\\N", "\\.", "a\tb", "a\nb", "a\r\nb", "back\\slash", "\\x41", "quote'\"", "👩‍👩‍👧 עברית", None]
BYTES = [b"", b"\x00", b"\\", b"\t\n\r", bytes(range(256)), None]
NUMBERS = [0, -(2**63), 2**63 - 1, None]

ROWS: list[tuple[Any, ...]] = [
    *((at, word, b"", 0) for at, word in enumerate(WORDS)),
    *((100 + at, "", content, 0) for at, content in enumerate(BYTES)),
    *((200 + at, "", b"", number) for at, number in enumerate(NUMBERS)),
]


def _round_trip(database_url: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        SCRATCH.create(connection)
        bulk_insert(connection, SCRATCH, 7, COLUMNS, rows)
        wanted = select(*[SCRATCH.c[name] for name in COLUMNS]).where(SCRATCH.c.org_id == 7).order_by(SCRATCH.c.id)
        back = [tuple(row) for row in connection.execute(wanted)]
    engine.dispose()
    return back


def test_every_value_arrives_as_it_was(database_url: str) -> None:
    assert _round_trip(database_url, ROWS) == ROWS


def test_no_rows_are_no_statement(database_url: str) -> None:
    assert _round_trip(database_url, []) == []


@pytest.mark.parametrize("count", [1, 49, 50, 51, 5_000])
def test_many_rows_arrive_in_full(database_url: str, count: int) -> None:
    rows: list[tuple[Any, ...]] = [(at, f"word {at}", at.to_bytes(8, "big"), -at) for at in range(count)]
    assert _round_trip(database_url, rows) == rows


def test_a_row_that_is_there_already_undoes_the_whole_insert(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        SCRATCH.create(connection)
    with pytest.raises(Exception, match=r"(?i)unique"), engine.begin() as connection:
        bulk_insert(connection, SCRATCH, 7, COLUMNS, [(1, "", b"", 0), (2, "", b"", 0), (1, "", b"", 0)])
    with engine.connect() as connection:
        assert connection.execute(select(SCRATCH)).all() == []
    engine.dispose()
