"""What is listed next, as rules with nothing around them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from archive.core.errors import BadInput
from archive.providers.listed.frame import Slice
from archive.pulling.model import (
    Ended,
    Plan,
    asked_for,
    next_slice,
    planned,
    rest_after,
    through_after,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
NOON = MIDNIGHT + 12 * HOUR
LONG = 400 * DAY


def test_a_little_is_looked_back_each_hour_and_three_days_once_a_day() -> None:
    since = {
        None: MIDNIGHT - 7 * DAY,
        NOON - HOUR: MIDNIGHT,
        MIDNIGHT + 5 * HOUR: MIDNIGHT - DAY,
        MIDNIGHT + timedelta(minutes=10): MIDNIGHT - 3 * DAY,
        MIDNIGHT - HOUR: MIDNIGHT - 4 * DAY,
        MIDNIGHT - 30 * DAY: MIDNIGHT - 33 * DAY,
    }
    assert {through: planned(through, NOON, LONG).since for through in since} == since
    early = MIDNIGHT + timedelta(minutes=10)
    assert planned(MIDNIGHT - HOUR, early, LONG).since == MIDNIGHT - DAY, "the day before can't be counted yet"
    assert planned(MIDNIGHT - 30 * DAY, NOON, 10 * DAY).since == MIDNIGHT - 9 * DAY, "the rest is forgotten there"


def test_days_that_are_asked_for_end_now_at_the_latest_and_begin_where_the_provider_still_knows_all_of_them() -> None:
    def asked(since: date | None, until: date | None) -> tuple[datetime, datetime]:
        plan = asked_for(since, until, NOON, 10 * DAY)
        return plan.since, plan.until

    assert asked(date(2026, 11, 20), date(2026, 11, 21)) == (MIDNIGHT - 3 * DAY, MIDNIGHT - DAY)
    assert asked(date(2026, 11, 20), None) == (MIDNIGHT - 3 * DAY, NOON)
    assert asked(None, date(2026, 12, 24)) == (MIDNIGHT - 9 * DAY, NOON)
    assert asked(date(2020, 1, 1), date(2020, 2, 1)) == (MIDNIGHT - 9 * DAY, MIDNIGHT - 9 * DAY), "nothing"
    with pytest.raises(BadInput):
        asked(date(2026, 11, 21), date(2026, 11, 20))


def test_no_slice_reaches_over_midnight() -> None:
    plan = Plan(MIDNIGHT - DAY, NOON)
    assert next_slice(plan, MIDNIGHT - DAY, DAY) == Slice(MIDNIGHT - DAY, MIDNIGHT)
    assert next_slice(plan, MIDNIGHT - HOUR / 2, HOUR) == Slice(MIDNIGHT - HOUR / 2, MIDNIGHT)
    assert next_slice(plan, MIDNIGHT, DAY) == Slice(MIDNIGHT, MIDNIGHT + DAY), "lists of a day know no half of one"
    assert next_slice(plan, NOON, HOUR) is None


def test_what_was_asked_for_by_hand_leaves_no_hole() -> None:
    by_hand, due = Plan(MIDNIGHT - 9 * DAY, MIDNIGHT, by_hand=True), Plan(MIDNIGHT - DAY, NOON)
    assert through_after(None, due) == through_after(MIDNIGHT, due) == NOON
    assert through_after(None, by_hand) is None
    assert through_after(MIDNIGHT - 10 * DAY, by_hand) == MIDNIGHT - 10 * DAY, "a day between would be missing"
    assert through_after(MIDNIGHT - 8 * DAY, by_hand) == MIDNIGHT
    assert through_after(NOON, by_hand) == NOON


def test_a_list_is_left_alone_for_an_hour_unless_there_is_more() -> None:
    plan, old = Plan(MIDNIGHT, NOON), Plan(MIDNIGHT, NOON - 2 * HOUR)
    assert rest_after(Ended.DONE, plan, NOON + HOUR / 2) == HOUR
    assert rest_after(Ended.DONE, old, NOON) == timedelta(0)
    assert rest_after(Ended.DONE, Plan(MIDNIGHT, NOON, by_hand=True), NOON) == timedelta(0)
    assert rest_after(Ended.PAUSED, plan, NOON) == timedelta(0)
    assert rest_after(Ended.FAILED, plan, NOON) == HOUR / 4
