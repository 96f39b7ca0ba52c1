"""The one place that reads the clock, and the conversions between moments and numbers."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

Clock = Callable[[], datetime]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


def system_clock() -> datetime:
    """The moment, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC; exact, where a float would round."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(maxsize=65_536)
def from_micros(micros: int) -> datetime:
    """Remembered, since many records share the moment at which they came in and the one at which they go."""
    return EPOCH + timedelta(microseconds=micros)


def day_of(moment: datetime) -> date:
    """The UTC day on which a moment lies."""
    return moment.astimezone(UTC).date()


def day_number(day: date) -> int:
    """Days since 1970-01-01, as the database keeps a day."""
    return day.toordinal() - EPOCH.toordinal()


def rfc3339(moment: datetime) -> str:
    """`2026-11-23T07:44:00.123456Z`, always with six digits so that equal moments are equal text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
