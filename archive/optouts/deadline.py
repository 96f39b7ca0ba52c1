"""By when an opt-out must be honoured: ten business days (47 CFR 64.1200(a)(10)), federal calendar (5 USC 6103)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

BUSINESS_DAYS: Final = 10

WASHINGTON: Final = timezone(timedelta(hours=-5))
"""Its standard time, all year: what is said in the first hour of a summer's day counts from the day before, which is
the earlier deadline, and so the safer one.
"""

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_JUNETEENTH_SINCE: Final = 2021
_ONE_DAY: Final = timedelta(days=1)


def deadline(said_at: datetime) -> date:
    """The last day on which a text may still go out; the day of the opt-out itself does not count."""
    day, left = day_of_saying(said_at), BUSINESS_DAYS
    while left:
        day += _ONE_DAY
        left -= is_business_day(day)
    return day


def day_of_saying(moment: datetime) -> date:
    return moment.astimezone(WASHINGTON).date()


def business_days_between(first: date, last: date) -> int:
    """Those after `first`, up to and with `last`."""
    days = (first + timedelta(days=count) for count in range(1, (last - first).days + 1))
    return sum(is_business_day(day) for day in days)


def is_business_day(day: date) -> bool:
    # New Year's Day of a Saturday is observed on the last day of the year before.
    return day.weekday() < _SATURDAY and day not in holidays(day.year) and day not in holidays(day.year + 1)


@lru_cache(maxsize=256)
def holidays(year: int) -> frozenset[date]:
    """The days on which the federal holidays of a year are observed."""
    return frozenset(map(_observed, _holidays(year)))


def _holidays(year: int) -> Iterator[date]:
    """As the law names them."""
    yield date(year, 1, 1)
    yield _nth(year, 1, _MONDAY, 3)  # Birthday of Martin Luther King, Jr.
    yield _nth(year, 2, _MONDAY, 3)  # Washington's Birthday
    yield _nth(year, 6, _MONDAY, 1) - timedelta(weeks=1)  # Memorial Day, the last Monday of May
    if year >= _JUNETEENTH_SINCE:
        yield date(year, 6, 19)
    yield date(year, 7, 4)
    yield _nth(year, 9, _MONDAY, 1)  # Labor Day
    yield _nth(year, 10, _MONDAY, 2)  # Columbus Day
    yield date(year, 11, 11)
    yield _nth(year, 11, _THURSDAY, 4)  # Thanksgiving Day
    yield date(year, 12, 25)


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=count - 1)


def _observed(day: date) -> date:
    """Saturday's on Friday, Sunday's on Monday."""
    return day + _ONE_DAY * {_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0)
