"""What a batch says of itself: whether it waits, for whom, and when its day is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from archive.retention.batch import (
    CLOCK_TRUSTED,
    SETTLING,
    WEEK,
    Approval,
    Batch,
    Standing,
    State,
    Step,
    batch_id,
    end_of,
)
from archive.retention.breakers import Breaker, Trip
from archive.retention.serials import NOTHING, pack

DAY = date(2027, 12, 28)
NOON = datetime(2027, 12, 28, 12, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
CLOCKS, SHARE = Trip(Breaker.CLOCKS, "It jumped."), Trip(Breaker.SHARE, "It takes all.")

PLANNED = Batch("2027-12-28", DAY, State.PLANNED, NOON, 40, 17, 2, 1, 0, 0, {}, pack([3, 4, 9]))


def allowed(*breakers: Breaker) -> Approval:
    return Approval("person:per_dana", NOON, frozenset(breakers))


@pytest.mark.parametrize(
    ("trips", "approval", "standing"),
    [
        ((), None, Standing.PLANNED),
        ((SHARE,), None, Standing.WAITING),
        ((SHARE,), allowed(Breaker.SHARE), Standing.APPROVED),
        ((SHARE,), allowed(Breaker.SIZE), Standing.WAITING),
        ((SHARE, CLOCKS), allowed(Breaker.SHARE), Standing.WAITING),
        ((SHARE, CLOCKS), allowed(Breaker.SHARE, Breaker.CLOCKS), Standing.APPROVED),
        ((), allowed(Breaker.SHARE), Standing.APPROVED),
    ],
)
def test_a_planned_batch_waits_while_anything_stops_it_that_nobody_has_allowed(
    trips: tuple[Trip, ...], approval: Approval | None, standing: Standing
) -> None:
    assert replace(PLANNED, trips=trips, approval=approval).standing(NOON) is standing


@pytest.mark.parametrize("state", [State.SHREDDING, State.CERTIFIED])
def test_what_has_begun_waits_for_nobody(state: State) -> None:
    assert replace(PLANNED, state=state, trips=(SHARE,)).standing(NOON) is Standing(state.value)


def test_what_keeps_it_waiting_is_what_nobody_has_allowed() -> None:
    batch = replace(PLANNED, trips=(CLOCKS, SHARE), approval=allowed(Breaker.CLOCKS))
    assert batch.unapproved(NOON) == (SHARE,)
    assert replace(batch, approval=None).unapproved(NOON) == (CLOCKS, SHARE)


@pytest.mark.parametrize(
    ("after", "clock_is_covered"),
    [
        (timedelta(0), True),
        (timedelta(hours=72), True),
        (timedelta(hours=72) + MOMENT, False),
        (-MOMENT, False),
    ],
)
def test_an_approval_speaks_for_the_clock_for_three_days_and_for_the_rest_for_ever(
    after: timedelta, clock_is_covered: bool
) -> None:
    approval = allowed(Breaker.CLOCKS, Breaker.SHARE)
    assert approval.covers(CLOCKS, NOON + after) is clock_is_covered
    assert approval.covers(SHARE, NOON + after) is True
    assert allowed(Breaker.SHARE).covers(CLOCKS, NOON) is False


def test_it_is_ripe_when_the_day_is_over_and_five_minutes_have_passed() -> None:
    ripe = datetime(2027, 12, 29, 0, 5, tzinfo=UTC)
    assert PLANNED.ends_at == end_of(DAY) == datetime(2027, 12, 29, tzinfo=UTC)
    assert (PLANNED.is_ripe(ripe), PLANNED.is_ripe(ripe - MOMENT)) == (True, False)


def test_how_long_a_plan_is_seen_and_a_clock_believed() -> None:
    assert (timedelta(days=7), timedelta(hours=72), timedelta(minutes=5)) == (WEEK, CLOCK_TRUSTED, SETTLING)


def test_the_steps_are_done_in_their_order_and_each_knows_when() -> None:
    assert PLANNED.next_step is Step.INDEX
    done = replace(PLANNED, steps={Step.INDEX: {"at": "2027-12-29T00:06:00Z"}, Step.SEALING: {}})
    assert done.next_step is Step.VAULT
    assert done.done_at(Step.INDEX) == datetime(2027, 12, 29, 0, 6, tzinfo=UTC)
    assert replace(PLANNED, steps={step: {} for step in Step}).next_step is None


def test_what_is_packed_is_read_in_order_and_counted() -> None:
    assert (PLANNED.serials, PLANNED.destroyed, PLANNED.staying, PLANNED.size) == ([3, 4, 9], [], [], 3)
    begun = replace(PLANNED, taken=pack([3, 9]), stays=pack([4]), planned=NOTHING)
    assert (begun.serials, begun.destroyed, begun.staying) == ([], [3, 9], [4])


def test_a_second_batch_of_a_day_has_a_name_of_its_own() -> None:
    assert [batch_id(DAY, number) for number in (1, 2, 3)] == ["2027-12-28", "2027-12-28.2", "2027-12-28.3"]
