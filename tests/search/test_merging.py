"""Which segments are made one of: a month that grows keeps few of them, and is not rewritten again and again."""

import random
from collections.abc import Sequence

import pytest

from archive.search.whoosh.merging import worth_finishing, worth_merging


def grown(commits: int, batches: Sequence[int]) -> tuple[list[int], int, int]:
    """The sizes of a month's segments in the end, how many texts were rewritten, the most segments that it ever had."""
    dice, sizes, rewritten, most = random.Random(1), list[int](), 0, 0
    for _ in range(commits):
        sizes.append(dice.choice(batches))
        if chosen := worth_merging(sizes):
            together = sum(sizes[number] for number in chosen)
            sizes = [size for number, size in enumerate(sizes) if number not in chosen] + [together]
            rewritten += together
        most = max(most, len(sizes))
    return sizes, rewritten, most


@pytest.mark.parametrize(
    ("commits", "batches"),
    [(20_000, [1, 2, 5]), (1_250, [60]), (400, [200, 1, 3, 270]), (75, [1_000]), (19, [4_000])],
    ids=["a trickle", "a steady flow", "single texts and batches", "large batches", "a rebuild"],
)  # fmt: skip
def test_a_text_is_rewritten_a_few_times_and_a_month_has_few_segments(commits: int, batches: list[int]) -> None:
    sizes, rewritten, most = grown(commits, batches)
    assert rewritten <= 20 * sum(sizes)
    assert most <= 16


def test_a_month_is_not_finished_anew_for_each_late_text() -> None:
    assert worth_finishing([50_000, 10_000]) == [1, 0]
    assert worth_finishing([50_000, 10]) == []
    assert worth_finishing([50_000]) == []
