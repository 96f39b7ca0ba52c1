"""Clocks that disagree, and clocks that jumped."""

from datetime import UTC, datetime, timedelta

import pytest

from archive.core.clock import system_clock
from archive.runs import clock_store
from archive.runs.actions import look_at_clocks, watch_clocks
from archive.runs.clocks import CONFIRM, ClocksDisagree, clocks_agree
from archive.wiring import Archive

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("database", "seen", "problems"),
    [
        (NOON, NOON, []),
        (NOON, None, []),
        (NOON + 120 * SECOND, NOON, []),
        (NOON + 121 * SECOND, NOON, ["The clock of the database is 2 minutes ahead of this machine's."]),
        (NOON - 400 * DAY, None, ["The clock of the database is 400 days behind this machine's."]),
        (NOON + 119 * MINUTE, None, ["The clock of the database is 119 minutes ahead of this machine's."]),
        (NOON + 2 * HOUR, None, ["The clock of the database is 2 hours ahead of this machine's."]),
        (NOON - 47 * HOUR, None, ["The clock of the database is 47 hours behind this machine's."]),
        (NOON - 2 * DAY, None, ["The clock of the database is 2 days behind this machine's."]),
        (NOON - 1_000 * DAY, None, ["The clock of the database is 1,000 days behind this machine's."]),
        (NOON, NOON - 72 * HOUR, []),
        (NOON, NOON - 72 * HOUR - SECOND,
         ["This machine's clock is 3 days ahead of the last moment that was seen, 2026-11-20 11:59 UTC."]),
        (NOON, NOON + 120 * SECOND, []),
        (NOON, NOON + 5 * HOUR,
         ["This machine's clock is 5 hours behind the last moment that was seen, 2026-11-23 17:00 UTC."]),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_said_about_a_clock(database: datetime, seen: datetime | None, problems: list[str]) -> None:
    verdict = clocks_agree(NOON, {"database": database}, seen)
    assert list(verdict.problems) == problems
    assert verdict.agree == (not problems)


def test_every_clock_is_compared_and_the_slowest_counts() -> None:
    verdict = clocks_agree(NOON, {"database": NOON - 90 * SECOND, "object store": NOON + HOUR}, NOON - 100 * DAY)
    assert [problem.split(" is ")[0] for problem in verdict.problems] == [
        "The clock of the object store",
        "This machine's clock",
    ]
    assert verdict.earliest == NOON - 90 * SECOND
    assert clocks_agree(NOON, {}, None).earliest == NOON
    with pytest.raises(ClocksDisagree) as raised:
        verdict.demand()
    assert str(raised.value) == f"{verdict.problems[0]} {verdict.problems[1]} {CONFIRM}"
    clocks_agree(NOON, {}, None).demand()


def test_the_database_has_a_clock_of_its_own(archive: Archive) -> None:
    """The archive's stands at a day of 2026; the database's does not."""
    with archive.transactions.glance() as session:
        assert abs(clock_store.database_clock(session) - system_clock()) < timedelta(seconds=60)


def test_the_last_moment_moves_on_while_all_is_in_order_and_stays_when_it_is_not(archive: Archive, clock) -> None:  # type: ignore[no-untyped-def]
    began = clock.now = system_clock()
    watch_clocks(archive.transactions)
    clock.advance(seconds=100)
    watch_clocks(archive.transactions)
    clock.advance(days=400)
    with pytest.raises(ClocksDisagree, match="400 days ahead of the last moment"):
        watch_clocks(archive.transactions)
    with archive.transactions.glance() as session:
        assert clock_store.last_seen(session) == began + timedelta(seconds=100)
        assert not look_at_clocks(session, clock.now).agree
    clock.now = began + timedelta(seconds=110)
    watch_clocks(archive.transactions)
