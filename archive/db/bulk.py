"""Many rows into one table at the speed of the driver.

SQLAlchemy's own executemany turns every row from a dictionary into a tuple, which costs more than the insert itself.
Here the values go to the driver as they are: COPY on PostgreSQL, and on SQLite executemany with many rows a statement,
since there each statement that is run costs as much as some columns.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table

_TOGETHER = 50
"""Rows a statement. More are no quicker, and SQLite allows 32,766 values."""


def bulk_insert(
    connection: Connection, table: Table, org_id: int, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert `rows` of one organisation: the driver's own values (times as microseconds), in the order of `columns`,
    among which `org_id` is not.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, org_id, columns, rows)
        return
    names = ", ".join(("org_id", *columns))
    marks = ", ".join((str(int(org_id)), *("?" * len(columns))))
    insert, row = f"INSERT INTO {table.name} ({names}) VALUES ", f"({marks})"  # noqa: S608
    whole = len(rows) // _TOGETHER * _TOGETHER
    if whole:
        together = [tuple(chain.from_iterable(rows[at : at + _TOGETHER])) for at in range(0, whole, _TOGETHER)]
        connection.exec_driver_sql(insert + ", ".join([row] * _TOGETHER), together)
    if whole < len(rows):
        connection.exec_driver_sql(insert + row, list(rows[whole:]))


def _copy(
    connection: Connection, table: Table, org_id: int, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    driver: Any = connection.connection.driver_connection
    names = ", ".join(("org_id", *columns))
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((org_id, *row))
