"""What is made of the figures of the search benchmark."""

import pytest

from archive.bench.search.aims import Aim
from archive.bench.search.rows import percentile


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5.0], 0.95, 5.0),
        ([float(value) for value in range(1, 101)], 0.95, 95.0),
        ([float(value) for value in range(100, 0, -1)], 0.5, 50.0),
        ([3.0, 1.0, 2.0], 1.0, 3.0),
    ],
)
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(
    values: list[float], share: float, expected: float
) -> None:
    assert percentile(values, share) == expected


@pytest.mark.parametrize(
    ("aim", "met"),
    [
        (Aim("ms", 15, most=15), True),
        (Aim("ms", 15.1, most=15), False),
        (Aim("texts/s", 10_000, least=10_000), True),
        (Aim("texts/s", 9_999, least=10_000), False),
        (Aim("× FTS5", 2.0), None),
        (Aim("× tantivy", None, least=0.25), None),
    ],
    ids=str,
)
def test_an_aim_is_met_missed_or_neither(aim: Aim, met: bool | None) -> None:
    assert aim.met is met
