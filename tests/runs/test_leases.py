"""A job belongs to whoever has its lease: taken once, kept, lost, given back; and its history, which stays short."""

from datetime import timedelta

import pytest

from archive.runs import clock_store, store
from archive.runs.actions import Result, fence, give_back, take
from archive.runs.due import LEASE
from archive.runs.model import Duty, JobState, Lease, LeaseLost, Outcome, Run
from archive.wiring import Archive
from tests.conftest import StandingClock

DUTY = Duty("index", 1)


class Jobs:
    """The slice's verbs, each in a transaction of its own."""

    def __init__(self, archive: Archive, clock: StandingClock) -> None:
        self._transactions = archive.transactions
        self._clock = clock
        with self._transactions.across() as session:
            store.register(session, [DUTY], clock.now)

    def take(self, holder: str = "one", *, by_hand: bool = False) -> Lease | None:
        with self._transactions.across() as session:
            return take(session, "index", holder, self._clock.now, by_hand=by_hand)

    def taken(self, holder: str = "one") -> Lease:
        lease = self.take(holder)
        assert lease
        return lease

    def give_back(self, lease: Lease, result: Result) -> None:
        with self._transactions.across() as session:
            give_back(session, lease, result, self._clock.now)

    def renew(self, lease: Lease) -> bool:
        with self._transactions.across() as session:
            return store.renew(session, lease, self._clock.now)

    @property
    def state(self) -> JobState:
        with self._transactions.glance() as session:
            return store.all_states(session)[0]

    def runs(self, limit: int = 10_000, before: int | None = None) -> list[Run]:
        with self._transactions.glance() as session:
            return store.runs_of(session, "index", limit, before)


@pytest.fixture
def jobs(archive: Archive, clock: StandingClock) -> Jobs:
    return Jobs(archive, clock)


DID = Result(Outcome.DONE, {"texts_indexed": 3})


def test_a_due_time_is_taken_once(jobs: Jobs, clock: StandingClock) -> None:
    lease = jobs.taken()
    assert (lease.token, lease.due_at, lease.holder) == (1, clock.now, "one")
    assert jobs.take("two") is None
    jobs.give_back(lease, DID)
    assert jobs.take("two") is None
    clock.advance(seconds=1)
    assert jobs.taken("two").token == 2


def test_what_was_done_is_in_the_history_and_nothing_is_only_counted(jobs: Jobs, clock: StandingClock) -> None:
    for counts in ({"texts_indexed": 3}, {"texts_indexed": 0}, {}):
        lease = jobs.taken()
        clock.advance(seconds=2)
        jobs.give_back(lease, Result.of(counts))
    (run,) = jobs.runs()
    assert (run.token, run.outcome, run.counts, run.error) == (1, Outcome.DONE, {"texts_indexed": 3}, None)
    assert run.ended_at - run.started_at == timedelta(seconds=2)
    assert jobs.state.runs == {Outcome.DONE: 1, Outcome.IDLE: 2, Outcome.FAILED: 0, Outcome.LOST: 0}
    assert jobs.state.good_at == clock.now


def test_a_lease_that_ended_is_taken_over_with_a_higher_token_and_the_same_due_time(
    jobs: Jobs, clock: StandingClock
) -> None:
    first = jobs.taken("dies")
    clock.advance(seconds=LEASE.total_seconds() - 1)
    assert jobs.take("too soon") is None
    clock.advance(seconds=1)
    second = jobs.taken("heir")
    assert (second.token, second.due_at) == (first.token + 1, first.due_at)
    (lost,) = jobs.runs()
    assert (lost.outcome, lost.holder, lost.due_at, lost.token) == (Outcome.LOST, "dies", first.due_at, first.token)
    assert jobs.state.lost == 1
    jobs.give_back(second, DID)
    assert [run.outcome for run in jobs.runs()] == [Outcome.DONE, Outcome.LOST]


def test_a_lease_that_is_renewed_is_nobody_elses(jobs: Jobs, clock: StandingClock) -> None:
    lease = jobs.taken()
    for _ in range(4):
        clock.advance(seconds=LEASE.total_seconds() - 1)
        assert jobs.renew(lease)
    assert jobs.take("two") is None


def test_who_was_too_slow_can_neither_renew_nor_give_back_nor_commit(
    jobs: Jobs, archive: Archive, clock: StandingClock
) -> None:
    stale = jobs.taken("hangs")
    clock.advance(seconds=LEASE.total_seconds())
    heir = jobs.taken("heir")
    before = jobs.state
    assert not jobs.renew(stale)
    with pytest.raises(LeaseLost):
        jobs.give_back(stale, DID)
    with pytest.raises(LeaseLost), archive.transactions.guarded(fence(stale)).across() as session:
        clock_store.see(session, clock.now)
    with archive.transactions.glance() as session:
        assert clock_store.last_seen(session) is None
    assert jobs.state == before
    with archive.transactions.guarded(fence(heir)).across() as session:
        clock_store.see(session, clock.now)
    jobs.give_back(heir, DID)


def test_a_failure_is_noted_and_the_same_due_time_tried_again(jobs: Jobs, clock: StandingClock) -> None:
    first = jobs.taken()
    jobs.give_back(first, Result.failed(ValueError("+14155550188 wrote: hello")))
    clock.advance(seconds=4)
    assert jobs.take() is None
    clock.advance(seconds=1)
    again = jobs.taken()
    assert again.due_at == first.due_at
    jobs.give_back(again, DID)
    assert [(run.outcome, run.error) for run in jobs.runs()] == [
        (Outcome.DONE, None),
        (Outcome.FAILED, "ValueError"),
    ]
    assert (jobs.state.failures, jobs.state.failed, jobs.state.good_at) == (0, 1, clock.now)


def test_by_hand_is_at_once_but_not_beside_somebody(jobs: Jobs, clock: StandingClock) -> None:
    jobs.give_back(jobs.taken(), DID)
    clock.advance(seconds=0.5)
    lease = jobs.take(by_hand=True)
    assert lease
    assert lease.due_at == clock.now
    assert jobs.take(by_hand=True) is None
    assert jobs.take() is None
    jobs.give_back(lease, DID)
    assert jobs.take() is None
    clock.advance(seconds=0.5)
    assert jobs.take()


def test_an_unknown_job_is_nobodys(jobs: Jobs, archive: Archive, clock: StandingClock) -> None:
    with archive.transactions.across() as session:
        assert take(session, "nothing", "one", clock.now) is None


def test_making_it_known_again_changes_its_duty_and_nothing_else(
    jobs: Jobs, archive: Archive, clock: StandingClock
) -> None:
    jobs.taken()
    before = jobs.state
    with archive.transactions.across() as session:
        store.register(session, [Duty("index", 7, 3)], clock.now + timedelta(days=1))
    assert jobs.state.duty == Duty("index", 7, 3)
    assert (jobs.state.token, jobs.state.known_at) == (before.token, before.known_at)


def test_what_is_on_no_schedule_is_forgotten_unless_somebody_is_at_it(
    jobs: Jobs, archive: Archive, clock: StandingClock
) -> None:
    lease = jobs.taken()
    with archive.transactions.across() as session:
        store.forget_others(session, ["another"])
    jobs.give_back(lease, DID)
    with archive.transactions.across() as session:
        store.forget_others(session, ["index"])
        assert store.all_states(session)
        store.forget_others(session, ["another"])
        assert store.all_states(session) == []
    assert jobs.runs() == []


def test_the_history_keeps_the_newest_runs_and_older_faults_for_a_month(jobs: Jobs, clock: StandingClock) -> None:
    jobs.give_back(jobs.taken(), Result.failed(ValueError()))
    clock.advance(days=29)
    for _ in range(store.RUNS_KEPT + 49):
        clock.advance(seconds=1)
        jobs.give_back(jobs.taken(), DID)
    assert jobs.runs()[-1].outcome is Outcome.FAILED
    assert len(jobs.runs()) == store.RUNS_KEPT + 1
    clock.advance(days=1)
    for _ in range(50):
        clock.advance(seconds=1)
        jobs.give_back(jobs.taken(), DID)
    assert {run.outcome for run in jobs.runs()} == {Outcome.DONE}
    assert len(jobs.runs()) == store.RUNS_KEPT


def test_the_history_is_read_page_by_page_newest_first(jobs: Jobs, archive: Archive, clock: StandingClock) -> None:
    for _ in range(5):
        clock.advance(seconds=1)
        jobs.give_back(jobs.taken(), DID)
    assert [run.token for run in jobs.runs(2)] == [5, 4]
    assert [run.token for run in jobs.runs(2, before=4)] == [3, 2]
    with archive.transactions.glance() as session:
        assert store.last_runs(session)["index"].token == 5
