"""Serials in few bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.retention.serials import NOTHING, Spans, pack, ranges_of, unpack

serials = st.sets(st.integers(1, 2**62), max_size=50) | st.sets(st.integers(1, 60), max_size=60)


@given(some=serials)
def test_what_is_packed_comes_out_again_in_order(some: set[int]) -> None:
    assert unpack(pack(some)) == sorted(some)


@given(some=serials, other=st.integers(1, 100))
def test_spans_hold_what_their_ranges_do(some: set[int], other: int) -> None:
    spans = Spans(reversed(ranges_of(some)))
    assert all(serial in spans for serial in some)
    assert (other in spans) == (other in some)


@pytest.mark.parametrize(
    ("some", "ranges"), [([], []), ([5], [(5, 5)]), ([7, 5, 6, 9], [(5, 7), (9, 9)]), ([1, 2, 3], [(1, 3)])]
)
def test_ranges_are_as_long_as_they_can_be(some: list[int], ranges: list[tuple[int, int]]) -> None:
    assert ranges_of(some) == ranges


def test_a_day_of_texts_is_a_few_bytes() -> None:
    assert pack([]) == NOTHING
    assert len(pack(range(1_000_000, 1_002_500))) < 20
    assert len(pack(range(1_000_000, 1_005_000, 2))) < 6_000
