"""When a job is due, held, tried again and late: the rules alone, moment by moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.runs.due import LEASE, MOST_APART, SIGN_OF_LIFE, due_time, is_held, is_late, next_due, rested, retry_at
from archive.runs.model import Duty, JobState, Outcome

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAILY = Duty("purge", 86_400, 3 * 3_600)
AT_THREE = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def state(duty: Duty = DAILY, **known: object) -> JobState:
    return JobState(duty, NOON - timedelta(days=30), **known)  # type: ignore[arg-type]


def ended(outcome: Outcome, **known: object) -> JobState:
    begun = {"due_at": AT_THREE, "started_at": AT_THREE, "ended_at": AT_THREE + seconds(9), "outcome": outcome}
    return state(**begun | known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("duty", "now", "newest"),
    [
        (Duty("index", 1), NOON + seconds(0.999), NOON),
        (Duty("index", 1), NOON, NOON),
        (Duty("checkpoints", 20), NOON + seconds(59), NOON + seconds(40)),
        (DAILY, NOON, AT_THREE),
        (DAILY, AT_THREE - seconds(0.000001), AT_THREE - timedelta(days=1)),
        (Duty("odd", 7), EPOCH - seconds(1), EPOCH - seconds(7)),
    ],
    ids=str,
)  # fmt: skip
def test_due_times_are_points_of_a_grid_that_everybody_knows(duty: Duty, now: datetime, newest: datetime) -> None:
    assert duty.newest(now) == newest
    assert duty.after(now) == newest + seconds(duty.every_seconds)


DUE: dict[str, tuple[JobState, datetime, datetime | None]] = {
    "what was never begun is due at once": (state(), NOON, AT_THREE),
    "what was done is not due again": (ended(Outcome.DONE), NOON, None),
    "what found nothing to do is not due again": (ended(Outcome.IDLE), NOON, None),
    "but the next day it is": (ended(Outcome.DONE), AT_THREE + timedelta(days=1), AT_THREE + timedelta(days=1)),
    "after a week of nobody there is one run, not seven": (
        ended(Outcome.DONE), NOON + timedelta(days=7), AT_THREE + timedelta(days=7)),
    "what somebody is at is not due": (
        ended(Outcome.DONE, leased_until=NOON + seconds(1)), NOON, None),
    "what somebody was at when they died is due, the same due time": (
        ended(Outcome.DONE, leased_until=NOON), NOON, AT_THREE),
    "also when a newer due time has come": (
        ended(Outcome.DONE, leased_until=NOON), NOON + timedelta(days=1), AT_THREE),
    "what failed is not due before the wait is over": (
        ended(Outcome.FAILED, failures=1), AT_THREE + seconds(13.9), None),
    "then it is, the same due time": (ended(Outcome.FAILED, failures=1), AT_THREE + seconds(14), AT_THREE),
    "also when a newer due time has come meanwhile": (
        ended(Outcome.FAILED, failures=1), AT_THREE + timedelta(days=1), AT_THREE),
    "a run that somebody asked for stands for the due times before it": (
        ended(Outcome.DONE, due_at=NOON), NOON + seconds(1), None),
    "a due time a minute ahead is a clock that is a little fast, and waited for": (
        ended(Outcome.DONE, due_at=NOON + seconds(60)), NOON, None),
    "a due time an hour ahead was written by a wrong clock, and holds nobody up": (
        ended(Outcome.DONE, due_at=NOON + seconds(3_600)), NOON, AT_THREE),
    "a lease that reaches further than leases do holds nobody up": (
        ended(Outcome.DONE, leased_until=NOON + LEASE + MOST_APART + seconds(1)), NOON, AT_THREE),
    "a failure of tomorrow holds nobody up": (
        ended(Outcome.FAILED, failures=9, ended_at=NOON + timedelta(days=1)), NOON, AT_THREE),
}  # fmt: skip


@pytest.mark.parametrize("case", DUE)
def test_due(case: str) -> None:
    known, now, expected = DUE[case]
    assert due_time(known, now) == expected


def test_each_failure_doubles_the_wait_up_to_five_minutes() -> None:
    waits = [
        retry - AT_THREE - seconds(9)
        for failures in (1, 2, 3, 6, 7, 8, 100_000)
        if (retry := retry_at(ended(Outcome.FAILED, failures=failures)))
    ]
    assert [wait.total_seconds() for wait in waits] == [5, 10, 20, 160, 300, 300, 300]
    assert retry_at(ended(Outcome.DONE)) is None
    assert retry_at(state()) is None


def test_the_next_time_is_the_missed_one_the_retry_or_the_next_of_the_grid() -> None:
    tomorrow = AT_THREE + timedelta(days=1)
    assert next_due(state(), NOON) == AT_THREE
    assert next_due(ended(Outcome.DONE), NOON) == tomorrow
    assert next_due(ended(Outcome.DONE, leased_until=NOON + seconds(9)), NOON) == tomorrow
    assert next_due(ended(Outcome.FAILED, failures=1), AT_THREE + seconds(10)) == AT_THREE + seconds(14)
    assert next_due(ended(Outcome.FAILED, failures=1), NOON) == AT_THREE


def test_a_lease_is_held_up_to_its_end() -> None:
    held = ended(Outcome.DONE, leased_until=NOON)
    assert is_held(held, NOON - seconds(0.000001))
    assert not is_held(held, NOON)
    assert not is_held(ended(Outcome.DONE), NOON)


@pytest.mark.parametrize(
    ("every", "allowed"), [(1, 120), (20, 120), (60, 180), (300, 900), (3_600, 10_800), (86_400, 93_600)]
)
def test_a_job_is_late_after_three_periods_but_a_daily_one_after_26_hours(every: int, allowed: int) -> None:
    good = replace(state(Duty("x", every)), good_at=NOON)
    assert not is_late(good, NOON + seconds(allowed))
    assert is_late(good, NOON + seconds(allowed + 0.000001))


def test_a_job_that_never_succeeded_is_late_counted_from_when_it_was_made_known() -> None:
    new = JobState(DAILY, NOON)
    assert not is_late(new, NOON + timedelta(hours=26))
    assert is_late(new, NOON + timedelta(hours=26, seconds=1))


def test_a_job_with_nothing_to_do_rests_for_half_a_minute() -> None:
    good = replace(state(), good_at=NOON)
    assert rested(good, NOON)
    assert rested(good, NOON + SIGN_OF_LIFE - seconds(0.000001))
    assert not rested(good, NOON + SIGN_OF_LIFE)
    assert not rested(good, NOON - seconds(1))
    assert not rested(state(), NOON)
