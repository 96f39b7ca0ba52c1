"""When things happen in the demo: sixty weeks of working days that end the day before `until`.

Everything is said in Eastern standard time, all year round; the demo doesn't change its clocks. Office
hours end before midnight UTC, so nothing lies after `until`, whatever its hour.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

WEEKS = 60
WORKING_DAYS = WEEKS * 5
SATURDAY = 5
EASTERN = timezone(timedelta(hours=-5))


def working_days(until: datetime) -> list[date]:
    """The last 300 days from Monday to Friday before the UTC date of `until`, oldest first."""
    newest = until.astimezone(UTC).date() - timedelta(days=1)
    days = (newest - timedelta(days=back) for back in range(WEEKS * 7))
    return sorted(day for day in days if day.weekday() < SATURDAY)


def saturday_before(day: date) -> date:
    return day - timedelta(days=(day.weekday() - SATURDAY) % 7 or 7)


def moment(day: date, minute_of_day: int) -> datetime:
    return datetime.combine(day, time(), EASTERN) + timedelta(minutes=minute_of_day)
