"""Ten business days by the federal calendar; the dates are those that the OPM publishes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from archive.optouts.deadline import business_days_between, day_of_saying, deadline, holidays, is_business_day

OBSERVED = {
    2026: "0101 0119 0216 0525 0619 0703 0907 1012 1111 1126 1225",
    2027: "0101 0118 0215 0531 0618 0705 0906 1011 1111 1125 1224",
    2023: "0102 0116 0220 0529 0619 0704 0904 1009 1110 1123 1225",
}


@pytest.mark.parametrize("year", OBSERVED)
def test_the_eleven_holidays_are_observed_on_their_days(year: int) -> None:
    assert sorted(f"{day:%m%d}" for day in holidays(year)) == OBSERVED[year].split()


def test_new_year_on_a_saturday_is_observed_in_the_year_before() -> None:
    assert date(2021, 12, 31) in holidays(2022)
    assert not is_business_day(date(2021, 12, 31))


def test_juneteenth_is_one_since_2021() -> None:
    assert is_business_day(date(2020, 6, 19))
    assert not is_business_day(date(2021, 6, 18)), "the Friday before a Saturday"


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("2026-11-23T15:00", date(2026, 12, 8)),  # Thanksgiving is between.
        ("2026-12-18T15:00", date(2027, 1, 5)),  # Christmas and New Year are.
        ("2026-03-02T15:00", date(2026, 3, 16)),
        ("2026-03-07T15:00", date(2026, 3, 20)),  # A Saturday.
        ("2026-03-03T04:59", date(2026, 3, 16)),  # Still the second in Washington.
        ("2026-03-03T05:00", date(2026, 3, 17)),
    ],
)
def test_the_deadline_is_ten_business_days_after_the_day_of_saying(said: str, last: date) -> None:
    moment = datetime.fromisoformat(said).replace(tzinfo=UTC)
    assert deadline(moment) == last
    assert business_days_between(day_of_saying(moment), last) == 10


def test_a_deadline_is_a_business_day_and_never_comes_before_that_of_an_earlier_stop() -> None:
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=7 * count) for count in range(3_000)]
    days = [deadline(moment) for moment in moments]
    assert days == sorted(days)
    assert all(map(is_business_day, days))
