"""Many values in one parameter are found as single ones are, and no number of them is too many."""

from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, select

from archive.db.engine import open_engine
from archive.db.one_of import one_of

SCRATCH = Table("scratch_one_of", MetaData(), Column("id", BigInteger, primary_key=True), Column("word", Text))
ROWS = [(-(2**63), "it's"), (0, ""), (2**53 + 1, "עברית"), (2**63 - 1, 'a "quote"')]


def _found(connection: Connection, column: str, wanted: object) -> list[int]:
    statement = select(SCRATCH.c.id).where(one_of(SCRATCH.c[column], "wanted")).order_by(SCRATCH.c.id)
    return list(connection.scalars(statement, {"wanted": wanted}))


@pytest.mark.parametrize("column", ["id", "word"])
def test_each_value_is_found_and_no_other(database_url: str, column: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        SCRATCH.create(connection)
        connection.execute(SCRATCH.insert(), [{"id": number, "word": word} for number, word in ROWS])
        values = {number: number if column == "id" else word for number, word in ROWS}
        for number, value in values.items():
            assert _found(connection, column, [value]) == [number]
        assert _found(connection, column, values.values()) == sorted(values)
        assert _found(connection, column, set()) == []
    engine.dispose()


def test_a_hundred_thousand_values_are_not_too_many(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        SCRATCH.create(connection)
        connection.execute(SCRATCH.insert(), [{"id": 70_000, "word": ""}, {"id": 200_000, "word": ""}])
        assert _found(connection, "id", range(100_000)) == [70_000]
    engine.dispose()


def test_the_index_is_asked(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'archive.db'}")
    wanted = select(SCRATCH.c.word).where(one_of(SCRATCH.c.id, "wanted"))
    with engine.begin() as connection:
        SCRATCH.create(connection)
        statement = str(wanted.compile(engine))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("[1]",)).all()
    engine.dispose()
    assert plan[0].detail.startswith("SEARCH scratch_one_of")
