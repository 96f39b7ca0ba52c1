import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.segments import names


@given(st.sets(st.integers(1, 60)))
def test_ranges_hold_exactly_the_numbers_that_were_given(numbers: set[int]) -> None:
    found = names.ranges(sorted(numbers))
    assert {number for first, last in found for number in range(first, last + 1)} == numbers
    assert all(one[1] + 1 < other[0] for one, other in itertools.pairwise(found))


@given(st.tuples(st.integers(1, 20), st.integers(0, 9)), st.tuples(st.integers(1, 20), st.integers(0, 9)))
def test_ranges_overlap_when_they_share_a_number(one: tuple[int, int], other: tuple[int, int]) -> None:
    first, second = (one[0], sum(one)), (other[0], sum(other))
    shared = set(range(first[0], first[1] + 1)) & set(range(second[0], second[1] + 1))
    assert names.overlap(first, second) == bool(shared)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2027-12-28", datetime(2027, 12, 29, tzinfo=UTC)),
        ("2027-12-31", datetime(2028, 1, 1, tzinfo=UTC)),
        ("2028-02-28", datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_day_is_over_at_midnight(day: str, end: datetime) -> None:
    assert names.end_of_day(day) == end


@pytest.mark.parametrize("moment", [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)])
def test_the_audit_policy_counts_from_the_end_of_the_year(moment: datetime) -> None:
    assert names.kept_by_audit_policy(moment) == datetime(2034, 1, 1, tzinfo=UTC)


def test_a_numbered_name_says_its_numbers_whatever_stands_before_them() -> None:
    name = names.numbered(f"{names.held_folder('org_1', '2027-12-28')}pur-1-", 4, 17)
    assert names.range_of(name) == (4, 17)
    assert names.first_of(names.ledger_name("org_1", 123)) == 123
