from datetime import UTC, date, datetime, time, timedelta

import pytest

from archive.spam.claim import ZONES, claim_of
from archive.spam.model import Claim

WINTER, SUMMER = date(2026, 11, 20), date(2026, 7, 4)
NOON = time(12)
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "zone", "begins"),
    [
        (WINTER, "eastern", "2026-11-20T17:00"),
        (SUMMER, "eastern", "2026-07-04T16:00"),
        (SUMMER, "arizona", "2026-07-04T19:00"),
        (SUMMER, "newfoundland", "2026-07-04T14:30"),
        (WINTER, "hawaii", "2026-11-20T22:00"),
        (date(2026, 3, 7), "pacific", "2026-03-07T20:00"),
        (date(2026, 3, 8), "pacific", "2026-03-08T19:00"),
        (date(2026, 10, 31), "central", "2026-10-31T17:00"),
        (date(2026, 11, 1), "central", "2026-11-01T18:00"),
    ],
)
def test_a_minute_in_a_zone_is_that_minute(on: date, zone: str, begins: str) -> None:
    assert claim_of(on, NOON, zone) == Claim(utc(begins), utc(begins) + MINUTE)


def test_a_day_in_a_zone_is_all_of_it() -> None:
    assert claim_of(WINTER, zone="mountain") == Claim(utc("2026-11-20T07:00"), utc("2026-11-21T07:00"))


def test_a_time_without_a_zone_may_be_in_any() -> None:
    assert claim_of(WINTER, NOON) == Claim(utc("2026-11-20T14:30"), utc("2026-11-20T22:01"))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("on", [WINTER, SUMMER])
def test_what_any_zone_says_lies_in_what_none_says(zone: str, on: date) -> None:
    wide, narrow = claim_of(on, NOON), claim_of(on, NOON, zone)
    assert wide.since <= narrow.since
    assert narrow.until <= wide.until
