"""Four processes, one job: each due time is carried out once, though one is killed and one hangs in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.ledger.rows import LedgerEntryRow
from archive.runs import store
from archive.runs.due import LEASE
from archive.runs.model import JobState, Outcome, Run
from archive.wiring import Archive
from tests.jobs.one_of_four import PROCESSES, Shared

PROJECT = Path(__file__).parents[2]
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PATIENCE = 60.0


def until(happened: Callable[[], bool], what: str) -> None:
    """Waits for what must happen, for as long as a slow machine may take."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"did not happen: {what}"
        time.sleep(0.005)


@dataclass
class Four:
    """The processes, the time that they go by, and what the database says about them."""

    archive: Archive
    folder: Path
    clock: Shared
    processes: list[subprocess.Popen[str]]

    @property
    def state(self) -> JobState:
        with self.archive.transactions.glance() as session:
            return store.all_states(session)[0]

    def runs(self, outcome: Outcome = Outcome.DONE) -> list[Run]:
        """Oldest first."""
        with self.archive.transactions.glance() as session:
            found = store.runs_of(session, "count", 10_000)
        return [run for run in reversed(found) if run.outcome is outcome]

    def effects(self) -> list[str]:
        """The details of what the job wrote, one for each time that it did."""
        with self.archive.transactions.read(1, OPERATOR) as tx:
            wanted = select(LedgerEntryRow.detail).where(LedgerEntryRow.kind == "test.counted")
            return [detail or "" for detail in tx.session.scalars(wanted)]

    def pass_to(self, moment: datetime, due: datetime) -> None:
        """The time is now `moment`, and the run for `due` gets done."""
        self.clock.set(moment)
        until(lambda: bool(done := self.runs()) and done[-1].due_at == due, f"the run of {due}")

    def trap(self) -> subprocess.Popen[str]:
        """The process that is in the middle of the next due time, and will stay there."""
        (self.folder / "trap").touch()
        self.clock.set(self.clock() + SECOND)
        trapped = self.folder / "trapped"
        until(trapped.exists, "somebody has begun")
        pid = int(trapped.read_text())
        trapped.unlink()
        return next(process for process in self.processes if process.pid == pid)

    def let_everybody_look(self, *but: subprocess.Popen[str]) -> None:
        numbers = [number for number, process in enumerate(self.processes) if process not in but]
        before = {number: self.clock.looked(number) for number in numbers}
        until(lambda: all(self.clock.looked(number) >= before[number] + 2 for number in numbers), "all have looked")


@pytest.fixture
def four(archive: Archive, organisation: OrganisationRow, tmp_path: Path) -> Iterator[Four]:
    clock = Shared.make(tmp_path / "shared")
    clock.set(BEGIN)
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "TEXTARCHIVE_DATA": str(archive.settings.data),
        "TEXTARCHIVE_DATABASE_URL": archive.settings.database_url,
    }
    command = [sys.executable, str(Path(__file__).with_name("one_of_four.py")), str(tmp_path)]
    started = [
        subprocess.Popen([*command, str(number)], env=environment, stderr=subprocess.PIPE, text=True)
        for number in range(PROCESSES)
    ]
    yield Four(archive, tmp_path, clock, started)
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_each_due_time_once_whoever_is_killed_or_hangs(four: Four) -> None:
    until(lambda: all(four.clock.looked(number) for number in range(PROCESSES)), "all are there")
    expected = [BEGIN + number * SECOND for number in range(25)]
    for due in expected:
        four.pass_to(due, due)
    assert [run.due_at for run in four.runs()] == expected

    killed = four.trap()
    held = four.state
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    (four.folder / "trap").unlink()
    begun = four.clock()
    expected.append(begun)
    four.clock.set(begun + LEASE - SECOND)
    four.let_everybody_look(killed)
    assert four.state == held, "taken over before its end"
    four.pass_to(begun + LEASE, begun + LEASE)
    expected.append(begun + LEASE)
    (lost,) = four.runs(Outcome.LOST)
    assert (lost.due_at, lost.token) == (begun, held.token)
    assert next(run.token for run in four.runs() if run.due_at == begun) > lost.token

    hung = four.trap()
    begun = four.clock()
    expected.append(begun)
    hung.send_signal(signal.SIGSTOP)
    (four.folder / "trap").unlink()
    four.pass_to(begun + LEASE, begun + LEASE)
    expected.append(begun + LEASE)
    written = four.effects()
    hung.send_signal(signal.SIGCONT)
    assert hung.stderr
    assert (
        hung.stderr.readline() == "The job count was taken over by another process. Nothing more of it is done here.\n"
    )
    assert four.effects() == written, "written by somebody who had lost the lease"

    four.let_everybody_look(killed)
    for _ in range(10):
        expected.append(four.clock() + SECOND)
        four.pass_to(expected[-1], expected[-1])
    runs = four.runs()
    assert [run.due_at for run in runs] == expected
    assert sorted(run.token for run in runs) == [run.token for run in runs]
    assert len(four.effects()) == len(expected)
    assert len({run.holder for run in runs}) > 1, "one process alone is no race"
    assert four.state.runs == {Outcome.DONE: len(expected), Outcome.IDLE: 0, Outcome.FAILED: 0, Outcome.LOST: 2}
