"""Dates stand apart from what else a plan wants, so that an index is asked only where they allow."""

import pytest

from archive.search.plan import And, Everything, Exact, Moments, Not, Or, Plan, dates_apart

INBOUND = Exact("direction", ("in",))
MINE = Exact("own", ("+12125550100",))


@pytest.mark.parametrize(
    ("wanted", "dates", "rest"),
    [
        (INBOUND, Moments(None, None), INBOUND),
        (Moments(3, 9), Moments(3, 9), Everything()),
        (And((Moments(3, None), INBOUND, Moments(None, 9))), Moments(3, 9), INBOUND),
        (And((Moments(3, 9), Moments(5, 7), INBOUND, MINE)), Moments(5, 7), And((INBOUND, MINE))),
        (And((Moments(9, None), Moments(None, 3))), Moments(9, 3), Everything()),
    ],
)
def test_all_dates_together_are_one_stretch(wanted: Plan, dates: Moments, rest: Plan) -> None:
    assert dates_apart(wanted) == (dates, rest)


@pytest.mark.parametrize("wanted", [Or((Moments(3, 9), INBOUND)), And((Not(Moments(3, 9)), INBOUND))])
def test_dates_that_not_every_hit_lies_within_stay_where_they_are(wanted: Plan) -> None:
    assert dates_apart(wanted) == (Moments(None, None), wanted)
