"""Which of several reports counts, and what of a provider's words is kept."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from archive.deliveries.model import Report, outcomes, without_numbers

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def report(status: str, *, minutes: int = 0, to: int = 0, entry: int = 1, moment: bool = True) -> Report:
    at = NOON + timedelta(minutes=minutes)
    return Report(to, status, status, None, None, None, at if moment else None, NOON, entry)


@pytest.mark.parametrize(
    ("reports", "counts"),
    [
        ([report("queued"), report("sent", minutes=1), report("delivered", minutes=2)], "delivered"),
        ([report("delivered"), report("sent", minutes=5)], "delivered"),
        ([report("queued", minutes=5), report("sent")], "sent"),
        ([report("undelivered"), report("delivered", minutes=5)], "delivered"),
        ([report("delivered"), report("failed", minutes=5)], "failed"),
        ([report("sent", entry=1, moment=False), report("blocked", entry=2, moment=False)], "blocked"),
    ],
)
def test_the_last_word_counts_in_whatever_order_the_reports_came(reports: list[Report], counts: str) -> None:
    for order in permutations(reports):
        assert outcomes(order)[0].status == counts


def test_each_recipient_has_an_outcome_of_their_own() -> None:
    found = outcomes([report("delivered"), report("failed", to=1), report("sent", to=1)])
    assert {to: one.status for to, one in found.items()} == {0: "delivered", 1: "failed"}


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Not 10DLC registered", "Not 10DLC registered"),
        ("Error 40010: blocked", "Error 40010: blocked"),
        ("to +14155550188 refused", "to … refused"),
        ("(415) 555-0188 opted out", "(… opted out"),
        ("1 415 555 0188", "…"),
    ],
)
def test_a_number_in_a_providers_words_is_left_out(title: str, kept: str) -> None:
    assert without_numbers(title) == kept
