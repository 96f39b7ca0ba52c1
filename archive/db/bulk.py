"""Many rows into one table at the speed of the driver.

SQLAlchemy's own executemany turns every row from a dictionary into a tuple, which costs more than the insert itself.
Here the values go to the driver as they are: executemany on SQLite, COPY on PostgreSQL.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table


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
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


def _copy(
    connection: Connection, table: Table, org_id: int, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    driver: Any = connection.connection.driver_connection
    names = ", ".join(("org_id", *columns))
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((org_id, *row))
