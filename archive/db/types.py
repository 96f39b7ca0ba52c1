"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from archive.core.clock import EPOCH, day_number, to_micros


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, stored as microseconds since 1970.

    SQLite has no time zone and hands back naive values; an integer is exact, small and ordered on both databases.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else to_micros(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """The function itself, without `process_result_value`'s wrappers: `verify` reads millions of these."""
        return _read


def _read(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + timedelta(0, 0, value)


class Day(TypeDecorator[date]):
    """A UTC day, stored as the number of days since 1970: the same on both databases, and moments divide into it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return None if value is None else day_number(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return None if value is None else EPOCH.date() + timedelta(days=value)
