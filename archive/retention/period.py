"""How long: days of 86,400 s, or years of the calendar. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

DAYS_OF_YEAR: Final = 365
FLOOR_DAYS: Final = 400
"""No policy is shorter. The database has the same number as a constraint."""

LEAST_YEARS: Final = 2
MOST_DAYS: Final = 36_600
MOST_YEARS: Final = 100
MINIMUM_RESIDENCY: Final = timedelta(days=30)
"""Whatever the anchor says, a text stays this long after it came in: an old import is never purged that night."""

PLANNED_AHEAD: Final = 7
"""A purge batch is planned, and seen by whoever wants to see it, so many days before its day."""

_FEBRUARY, _LEAP_DAY, _MARCH = 2, 29, 3


@dataclass(frozen=True, slots=True)
class Period:
    """Exactly one of `days` (each 86,400 s) and `years` (of the calendar, in UTC)."""

    days: int | None = None
    years: int | None = None

    def __post_init__(self) -> None:
        if (self.days is None) == (self.years is None):
            raise ValueError("A period is either days or years.")
        if self.days is not None and not FLOOR_DAYS <= self.days <= MOST_DAYS:
            raise ValueError(f"A period has {FLOOR_DAYS} to {MOST_DAYS:,} days.")
        if self.years is not None and not LEAST_YEARS <= self.years <= MOST_YEARS:
            raise ValueError(f"A period has {LEAST_YEARS} to {MOST_YEARS} years.")

    def after(self, anchor: datetime) -> datetime:
        """The moment at which it is over. Of a 29 February in a year without one: 1 March, never a day early."""
        if self.days is not None:
            return anchor + timedelta(days=self.days)
        assert self.years is not None
        year = anchor.year + self.years
        if (anchor.month, anchor.day) == (_FEBRUARY, _LEAP_DAY) and not _is_leap(year):
            return anchor.replace(year=year, month=_MARCH, day=1)
        return anchor.replace(year=year)

    def never_shorter_than(self, other: "Period") -> bool:
        """Whether it ends at or after the other one, whatever both count from."""
        return self == other or self._least >= other._most

    @property
    def _least(self) -> int:
        """Days; a century without its leap day is allowed for."""
        years = self.years or 0
        return self.days or DAYS_OF_YEAR * years + max(0, years // 4 - 1 - years // 100)

    @property
    def _most(self) -> int:
        years = self.years or 0
        return self.days or DAYS_OF_YEAR * years + (years + 3) // 4

    def __str__(self) -> str:
        return f"{self.days} days" if self.days is not None else f"{self.years} years"


@dataclass(frozen=True, slots=True)
class Preset:
    """A period that is often asked for, and where it comes from."""

    name: str
    period: Period
    source: str


PRESETS: Final = (
    Preset("400-days", Period(days=FLOOR_DAYS), "400 × 24 hours, the shortest there is"),
    Preset("3-years", Period(years=3), "SEC Rule 17a-4(b)(4): communications of broker-dealers"),
    Preset(
        "5-years", Period(years=5), "SEC Rule 204-2(e)(1): investment advisers; counted from the end of a fiscal year"
    ),
    Preset("6-years", Period(years=6), "SEC Rule 17a-4(a); and Rule 204-2 whenever the fiscal year ends"),
)


def dated(anchor: datetime, received_at: datetime, period: Period) -> datetime:
    """When a text may go by a period: never sooner than the minimum residency after our door took it."""
    return max(period.after(anchor), received_at + MINIMUM_RESIDENCY)


def first_plannable(today: date) -> date:
    """The first day whose batch nobody can have planned yet."""
    return today + timedelta(days=PLANNED_AHEAD + 1)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
