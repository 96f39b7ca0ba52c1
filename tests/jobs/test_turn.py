"""One turn of a job: done when it is due, noted when it fails, and cheap when there is nothing to do."""

import logging
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import event

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.clock import system_clock
from archive.core.errors import Damaged
from archive.ledger.entry import Event
from archive.runs import store
from archive.runs.due import LEASE
from archive.runs.model import Counts, JobState, LeaseLost, Outcome, Run
from archive.wiring import Archive
from jobs.each_organisation import for_each_organisation
from jobs.schedule import JOBS
from jobs.spec import Job
from jobs.turn import do_now, look
from tests.conftest import StandingClock


class Noted(Event, frozen=True, kw_only=True):
    kind = "test.noted"


@dataclass
class Work:
    """What the job finds when it runs, and whether there seems to be any."""

    counts: Counts = field(default_factory=lambda: {"things_done": 1})
    problem: Exception | None = None
    waiting: bool = True
    runs: int = 0

    def job(self, *, looks: bool = False) -> Job:
        return Job("work", 1, "Work.", self._run, has_work=(lambda _archive: self.waiting) if looks else None)

    def _run(self, _archive: Archive) -> Counts:
        self.runs += 1
        if self.problem:
            raise self.problem
        return self.counts


def state(archive: Archive) -> JobState:
    with archive.transactions.glance() as session:
        found = store.state_of(session, "work")
    assert found
    return found


def history(archive: Archive) -> list[Run]:
    with archive.transactions.glance() as session:
        return store.runs_of(session, "work", 100)


def test_a_due_time_is_carried_out_once(archive: Archive, clock: StandingClock) -> None:
    work = Work()
    for _ in range(3):
        look(archive, work.job())
    assert work.runs == 1
    clock.advance(seconds=1)
    look(archive, work.job())
    assert work.runs == 2
    assert [run.counts for run in history(archive)] == [{"things_done": 1}, {"things_done": 1}]


def test_a_failure_is_noted_in_one_line_without_its_words_and_tried_again(
    archive: Archive, clock: StandingClock, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work(problem=ValueError("Dana wrote: wire it\nto +14155550188"))
    with caplog.at_level(logging.ERROR):
        look(archive, work.job())
    (run,) = history(archive)
    assert run.outcome is Outcome.FAILED
    assert run.error
    assert run.error.startswith("ValueError at jobs/turn.py:")
    assert "The job work failed: ValueError at jobs/turn.py:" in caplog.text
    assert "Dana" not in caplog.text
    work.problem = None
    clock.advance(seconds=5)
    look(archive, work.job())
    assert history(archive)[0].due_at == run.due_at
    assert state(archive).failures == 0


def test_our_own_sentences_about_keys_and_serial_numbers_are_kept(archive: Archive) -> None:
    look(archive, Work(problem=Damaged("Message 7 is not what\nthe ledger committed to.", "Verify.")).job())
    assert history(archive)[0].error == "Damaged: Message 7 is not what the ledger committed to. Verify."


def test_with_nothing_to_do_a_due_time_costs_two_looks_and_no_change(archive: Archive, clock: StandingClock) -> None:
    work = Work(counts={})
    job = work.job(looks=True)
    look(archive, job)
    work.waiting = False
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(archive.engine, "before_cursor_execute", note)
    for _ in range(29):
        clock.advance(seconds=1)
        look(archive, job)
    event.remove(archive.engine, "before_cursor_execute", note)
    assert work.runs == 1
    changes = [line for line in statements if not line.startswith(("SELECT", "BEGIN DEFERRED"))]
    assert changes == []
    clock.advance(seconds=1)
    look(archive, job)
    assert work.runs == 2, "a sign of life"
    assert history(archive) == []
    assert state(archive).idle == 2
    clock.advance(seconds=1)
    work.waiting = True
    look(archive, job)
    assert work.runs == 3


def test_after_a_failure_nothing_is_passed_over(archive: Archive, clock: StandingClock) -> None:
    work = Work(waiting=False)
    look(archive, work.job(looks=True))
    work.problem = ValueError()
    work.waiting = True
    clock.advance(seconds=1)
    look(archive, work.job(looks=True))
    assert state(archive).failures == 1


def test_by_hand_it_is_done_at_once_and_the_problem_is_shown(archive: Archive) -> None:
    work = Work()
    assert do_now(archive, work.job()).counts == {"things_done": 1}
    assert do_now(archive, work.job()).counts == {"things_done": 1}
    work.problem = Damaged("Broken.")
    with pytest.raises(Damaged):
        do_now(archive, work.job())
    assert [run.outcome for run in history(archive)] == [Outcome.FAILED, Outcome.DONE, Outcome.DONE]


@pytest.mark.parametrize("through", ["its own transactions", "the group"])
def test_whoever_was_taken_over_commits_nothing_more(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, through: str
) -> None:
    heirs = Work()

    def slow(mine: Archive) -> Counts:
        clock.advance(seconds=LEASE.total_seconds())
        look(archive, heirs.job())
        if through == "the group":
            mine.group.record(organisation.id, OPERATOR, Noted())
        else:
            with mine.transactions.write(organisation.id, OPERATOR) as tx:
                tx.record(Noted())
        return {"things_done": 1}

    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        before = tx.ledger_size
    job = replace(heirs.job(), run=slow)
    with pytest.raises(LeaseLost):
        do_now(archive, job)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert tx.ledger_size == before
    assert heirs.runs == 1
    assert [run.outcome for run in history(archive)] == [Outcome.DONE, Outcome.LOST]


def test_trouble_with_one_organisation_keeps_no_other_waiting(archive: Archive, organisation: OrganisationRow) -> None:
    names = ("B", "C", "D")
    others = [create_organisation(archive.transactions, name, OPERATOR, "http://x.example") for name in names]
    done: list[int] = []

    def work(row: OrganisationRow) -> Counts:
        if row.name in ("B", "C"):
            raise Damaged(row.name)
        done.append(row.id)
        return {"seen": 1}

    with pytest.raises(Damaged, match="B"):
        for_each_organisation(archive, work)
    assert done == [organisation.id, others[2].id]
    assert for_each_organisation(archive, lambda row: {"seen": row.id, "none": 0}) == {"seen": 1 + 2 + 3 + 4, "none": 0}


@pytest.mark.parametrize("raised", [LeaseLost("gone"), Damaged("broken")], ids=lambda problem: type(problem).__name__)
def test_but_who_has_lost_the_lease_stops_at_once(
    archive: Archive, organisation: OrganisationRow, raised: Exception
) -> None:
    create_organisation(archive.transactions, "B", OPERATOR, "http://x.example")
    asked: list[int] = []

    def work(row: OrganisationRow) -> Counts:
        asked.append(row.id)
        raise raised

    with pytest.raises(type(raised)):
        for_each_organisation(archive, work)
    assert len(asked) == (1 if isinstance(raised, LeaseLost) else 2)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_says_in_numbers_what_it_did(archive: Archive, clock: StandingClock, job: Job) -> None:
    clock.now = system_clock()  # One of them compares clocks.
    counts = job.run(archive)
    assert all(isinstance(value, int) and name.replace("_", "").isalpha() for name, value in counts.items())
