"""When a text came, from a date, a time of day and a time zone, each of which people may not know. Pure.

Clocks of the US are set forward at 2:00 on the second Sunday of March and back on the first of November (15 USC 260a);
those of Canada that are set at all, on the same days.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from archive.spam.model import Claim

_SUNDAY: Final = 6
_MARCH, _NOVEMBER = 3, 11
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Zone:
    """`minutes` from UTC in winter."""

    minutes: int
    has_summer_time: bool = True


ZONES: Final = {
    "newfoundland": Zone(-210),
    "atlantic": Zone(-240),
    "eastern": Zone(-300),
    "central": Zone(-360),
    "saskatchewan": Zone(-360, has_summer_time=False),
    "mountain": Zone(-420),
    "arizona": Zone(-420, has_summer_time=False),
    "pacific": Zone(-480),
    "alaska": Zone(-540),
    "hawaii": Zone(-600, has_summer_time=False),
}

_EASTERNMOST: Final = timedelta(minutes=-150)
"""Of all local times: summer time of Newfoundland."""
_WESTERNMOST: Final = timedelta(minutes=-600)


def claim_of(on: date, at: time | None = None, zone: str = "") -> Claim:
    """As wide as what isn't known: a minute, a day, or either in whatever zone there is."""
    begin = datetime.combine(on, at or time())
    end = begin + (_DAY if at is None else _MINUTE)
    if zone:
        return Claim(_moment(begin, _offset(ZONES[zone], begin)), _moment(end, _offset(ZONES[zone], end)))
    return Claim(_moment(begin, _EASTERNMOST), _moment(end, _WESTERNMOST))


def _moment(local: datetime, offset: timedelta) -> datetime:
    return local.replace(tzinfo=timezone(offset)).astimezone(UTC)


def _offset(zone: Zone, local: datetime) -> timedelta:
    summer = zone.has_summer_time and _summer_begins(local.year) <= local < _summer_ends(local.year)
    return timedelta(minutes=zone.minutes + 60 * summer)


def _summer_begins(year: int) -> datetime:
    return datetime.combine(_sunday(year, _MARCH, 2), time(2))


def _summer_ends(year: int) -> datetime:
    return datetime.combine(_sunday(year, _NOVEMBER, 1), time(2))


def _sunday(year: int, month: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_SUNDAY - first.weekday()) % 7, weeks=count - 1)
