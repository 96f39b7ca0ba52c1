"""How long the purge of one day takes in an archive of many, step by step, beside a bare DELETE of the same rows.

Days        as many texts a day as are asked for, day after day; each day indexed, signed and put into the vault.
Purge       the first day's batch: planned, begun, every step of it, certified. The clock is set forward, and runs.
Bare        `DELETE` of the same texts and their parties by bare `sqlite3` in a copy of the database, with the same
            pragmas: nothing is proven, and index, vault and keys are left as they are.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from archive.access.organisations import OrganisationRow
from archive.bench.corpus import OWN_NUMBERS, Corpus
from archive.bench.intake import fresh_settings
from archive.core.actor import OPERATOR
from archive.core.clock import DAY, day_number, day_of, system_clock
from archive.core.errors import BadInput
from archive.db.engine import SQLITE_PRAGMAS
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.proving import sign_and_keep
from archive.retention.batch import SETTLING, Step, end_of
from archive.retention.certifying import certify
from archive.retention.period import PLANNED_AHEAD
from archive.retention.planning import plan_batches
from archive.retention.purge import begin_batch
from archive.retention.steps import STEPS, Work, look
from archive.safekeeping import keep_up
from archive.search.follower import catch_up
from archive.setting_up import set_up_organisation
from archive.wiring import Archive, build

START = datetime(2025, 3, 3, 12, tzinfo=UTC)


class _Clock:
    """Runs as any other, from wherever it was set to."""

    def __init__(self) -> None:
        self._ahead = START - system_clock()

    def __call__(self) -> datetime:
        return system_clock() + self._ahead

    def go_to(self, moment: datetime) -> None:
        self._ahead = moment - system_clock()


@dataclass(slots=True)
class Purged:
    """`seconds`: of each step by its name, in their order. `bare`: of the DELETE; `again`: of the check repeated."""

    messages: int
    destroyed: int
    seconds: dict[str, float] = field(default_factory=dict)
    bare: float = 0.0
    again: float = 0.0

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


def measure_purging(folder: Path, messages: int, a_day: int, say: Callable[[str], None]) -> Purged:
    settings, clock = fresh_settings(folder / "archive"), _Clock()
    archive = build(settings, clock=clock)
    organisation = set_up_organisation(archive, "Bench", "bench@example.com").row
    expiry = day_of(START + timedelta(days=400))
    _fill(archive, organisation, clock, messages, a_day, say)
    clock.go_to(end_of(expiry) - timedelta(days=PLANNED_AHEAD, hours=12))
    planning = _timed(lambda: plan_batches(archive.transactions, organisation.id))
    clock.go_to(end_of(expiry) + SETTLING)
    say("the bare DELETE")
    bare = _bare_delete(settings.database_url, folder / "bare.db", expiry)
    say("the purge")
    return _purged(archive, organisation, expiry, Purged(messages, 0, {"plan": planning}, bare))


def _fill(
    archive: Archive,
    organisation: OrganisationRow,
    clock: _Clock,
    messages: int,
    a_day: int,
    say: Callable[[str], None],
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for number in OWN_NUMBERS:
            add_number(tx, number, state=NumberState.AUTHORISED)
    corpus, days = Corpus(), max(1, messages // a_day)
    for day in range(days):
        clock.go_to(START + day * DAY)
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            receive(tx, [arrival(line, tx.now, "api") for line in corpus.lines(a_day)])
        catch_up(archive.transactions, archive.index, organisation.id)
        sign_and_keep(archive.transactions, archive.vault, organisation)
        keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)
        if day % 20 == 0:
            say(f"day {day + 1} of {days}: {(day + 1) * a_day:,} texts")


def _purged(archive: Archive, organisation: OrganisationRow, expiry: date, measured: Purged) -> Purged:
    work, seconds = Work(archive, organisation, expiry.isoformat()), measured.seconds
    seconds["begin"] = _timed(lambda: _begin(work))
    for step in Step:
        seconds[step.value] = _timed(partial(STEPS[step], work))
    seconds["certificate"] = _timed(lambda: certify(work))
    batch = work.read()
    measured.destroyed = len(batch.destroyed)
    measured.again = _timed(lambda: look(work, batch))
    archive.engine.dispose()
    return measured


def _begin(work: Work) -> None:
    if not begin_batch(work):
        why = ", ".join(trip.breaker.value for trip in work.read().trips)
        raise BadInput(f"A day of that size waits for a person ({why}).", "Take more texts, or fewer a day.")


def _bare_delete(address: str, copy: Path, expiry: date) -> float:
    """Seconds, and nothing else is done with the copy."""
    with (
        closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    connection = sqlite3.connect(copy, isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)
    connection.execute("CREATE TEMP TABLE gone AS SELECT seq FROM message WHERE due_on = ?", (day_number(expiry),))
    took = _timed(lambda: _delete(connection))
    connection.close()
    copy.unlink()
    return took


def _delete(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for table in ("message_party", "message"):
        connection.execute(f"DELETE FROM {table} WHERE seq IN (SELECT seq FROM gone)")  # noqa: S608 - named above.
    connection.execute("COMMIT")


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
