"""A lease is kept while the work goes on, and let go when somebody else has it."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from archive.runs import store
from archive.runs.actions import take
from archive.runs.due import LEASE
from archive.runs.keeping import kept
from archive.runs.model import Duty, JobState, Lease
from archive.wiring import Archive
from tests.conftest import StandingClock

OFTEN = timedelta(milliseconds=5)


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.002)


def taken(archive: Archive, clock: StandingClock) -> Lease:
    with archive.transactions.across() as session:
        store.register(session, [Duty("index", 1)], clock.now)
        lease = take(session, "index", "somebody", clock.now)
    assert lease
    return lease


def state(archive: Archive) -> JobState:
    with archive.transactions.glance() as session:
        return store.all_states(session)[0]


def renewing() -> bool:
    return "keeps index" in {thread.name for thread in threading.enumerate()}


def test_it_is_renewed_until_the_work_is_done(archive: Archive, clock: StandingClock) -> None:
    lease = taken(archive, clock)
    with kept(archive.transactions, lease, OFTEN):
        for _ in range(3):
            clock.advance(seconds=50)
            until(lambda: state(archive).leased_until == clock.now + LEASE)
    clock.advance(seconds=50)
    assert state(archive).leased_until == clock.now - timedelta(seconds=50) + LEASE
    assert not renewing()


def test_one_that_was_taken_over_is_left_alone(archive: Archive, clock: StandingClock) -> None:
    stale = taken(archive, clock)
    clock.advance(seconds=LEASE.total_seconds())
    heir = taken(archive, clock)
    with kept(archive.transactions, stale, OFTEN):
        clock.advance(seconds=10)
        until(lambda: not renewing())
    assert state(archive).leased_until == heir.started_at + LEASE


def test_a_database_that_is_away_for_a_moment_costs_no_lease(
    archive: Archive, clock: StandingClock, caplog: pytest.LogCaptureFixture
) -> None:
    lease = taken(archive, clock)
    away = threading.Event()
    away.set()

    def guard(_session: object) -> None:
        if away.is_set():
            raise ConnectionError("the password is swordfish")

    with caplog.at_level(logging.WARNING), kept(archive.transactions.guarded(guard), lease, OFTEN):
        until(lambda: bool(caplog.records))
        clock.advance(seconds=50)
        away.clear()
        until(lambda: state(archive).leased_until == clock.now + LEASE)
    assert "The lease of index was not renewed: ConnectionError" in caplog.text
    assert "swordfish" not in caplog.text
