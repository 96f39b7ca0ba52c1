"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from archive.core.clock import from_micros, to_micros


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, stored as microseconds since 1970.

    SQLite has no time zone and hands back naive values; an integer is exact, small and ordered on both databases.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)
