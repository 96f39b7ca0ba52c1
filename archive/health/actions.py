"""The quick look: nothing here reads more than a few rows. `archive/doctor.py` is the thorough one."""

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from archive.access.organisations import OrganisationRow, list_organisations
from archive.alerts import store as alerts
from archive.campaigns.cases.actions import due_cases
from archive.campaigns.cases.model import Urgency
from archive.completeness.reading import alarms
from archive.core.actor import OPERATOR, Actor
from archive.core.clock import day_of
from archive.core.errors import ArchiveError, NotFound
from archive.db.engine import demand_answer
from archive.health import model
from archive.health.model import Figures, Finding
from archive.intake import quarantine
from archive.keys import recovery
from archive.keys.keyring import HASHES, SIGNING
from archive.ledger.standing import unsigned
from archive.letters.watching import due
from archive.proving import newest_copy
from archive.pulling.reading import all_standings
from archive.runs import clock_store
from archive.runs import store as runs
from archive.runs.actions import look_at_clocks, record_confirmation
from archive.runs.clocks import clocks_agree
from archive.scrubbing import newest_scrub
from archive.search.store import texts_after
from archive.wiring import Archive, read_master

_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

Look = Callable[[Archive, OrganisationRow], Iterator[Finding]]


def examine(archive: Archive, organisation: OrganisationRow) -> list[Finding]:
    """What `organisation` should know of every part. One that raises is broken; the others are still looked at."""
    findings: list[Finding] = []
    for part, look in PARTS.items():
        try:
            findings.extend(look(archive, organisation))
        except ArchiveError as problem:
            findings.append(Finding(part, "broken", problem.message, problem.next_step))
        except Exception as problem:  # noqa: BLE001 - what it is, is said by its name alone.
            see = "`textarchive doctor` says more."
            findings.append(Finding(part, "broken", f"can't be looked at: {type(problem).__name__}", see))
    return findings


def figures(archive: Archive, organisation: OrganisationRow) -> Figures:
    state = archive.index.state(organisation.id)
    known = state.texts + sum(state.lost.values()) + len(state.unreadable)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        waiting, newest = unsigned(tx), newest_scrub(tx)
        return Figures(
            texts=known + texts_after(tx, state.position),
            entries=tx.ledger_size,
            index_lag=tx.ledger_size - state.position,
            unsigned_seconds=(tx.now - waiting.since).total_seconds() if waiting.since else 0.0,
            checkpoint_seconds=(tx.now - waiting.signed_at).total_seconds() if waiting.signed_at else None,
            quarantine_open=quarantine.count_open(tx),
            alerts_open=alerts.count_open(tx),
            sample_faults=newest.detail["faults"] if newest else 0,
            alarms=alarms(tx),
        )


def is_alone(session: Session) -> bool:
    """Whether one organisation has the whole installation. What jobs did is then its own business and nobody else's."""
    return len(list_organisations(session)) == 1


def confirm_clock(archive: Archive, actor: Actor) -> None:
    """Somebody says that it is now what the clock says. Raises `ClocksDisagree` while the clocks contradict each other.

    Recorded in every ledger: it is what lets a purge go on.
    """
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
        now = archive.clock()
        clocks_agree(now, {"database": clock_store.database_clock(session)}, None).demand()
    for organisation in organisations:
        with archive.transactions.write(organisation.id, actor) as tx:
            record_confirmation(tx)
    with archive.transactions.across() as session:
        clock_store.see(session, now)


def _database(archive: Archive, _organisation: OrganisationRow) -> Iterator[Finding]:
    demand_answer(archive.engine)
    yield Finding("database", "ok", f"{_NAMES[archive.engine.dialect.name]} answers")


def _keys(archive: Archive, organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        for purpose in (HASHES, SIGNING):
            archive.keyring.find(session, organisation.id, purpose)
        yield Finding("keys", "ok", "the master key opens your organisation's keys")
        if master := read_master(archive.settings):
            yield from model.of_recovery(recovery.confirmed_at(session, master) is not None)


def _ledger(archive: Archive, organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        waiting = unsigned(tx)
        yield model.of_ledger(waiting.entries, waiting.since, tx.now)


def _vault(archive: Archive, organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        try:
            size = newest_copy(tx, archive.vault, organisation)
        except NotFound as missing:
            next_step = f"The job checkpoints makes the copy. If it stays missing: {missing.next_step}"
            yield Finding("vault", "warning", "has no copy of the newest checkpoint", next_step)
            return
    kept = f"keeps the newest checkpoint, of {size:,} entries" if size else "nothing was signed yet that it could keep"
    yield Finding("vault", "ok", kept)


def _scrub(archive: Archive, organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        if newest := newest_scrub(tx):
            said = newest.detail
            yield model.of_scrub(newest.at, said["faults"], next(iter(said["what"]), ""))


def _index(archive: Archive, organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        state = archive.index.state(organisation.id)
        yield model.of_index(tx.ledger_size - state.position, state.lost)


def _cases(archive: Archive, organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        urgencies = [case.urgency for case in due_cases(tx)]
    yield from model.of_cases(urgencies.count(Urgency.LATE), urgencies.count(Urgency.SOON))


def _completeness(archive: Archive, organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        yield from model.of_gaps(alarms(tx))


def _lists(archive: Archive, organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        yield from model.of_lists(all_standings(tx), tx.now)


def _letters(archive: Archive, organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        yield from model.of_letters(due(tx), day_of(tx.now))


def _clock(archive: Archive, _organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        now = archive.clock()
        yield from model.of_clocks(look_at_clocks(session, now), now)


def _jobs(archive: Archive, _organisation: OrganisationRow) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        yield from model.of_jobs(runs.all_states(session), archive.clock())


PARTS: dict[str, Look] = {
    "database": _database,
    "keys": _keys,
    "ledger": _ledger,
    "vault": _vault,
    "scrub": _scrub,
    "index": _index,
    "completeness": _completeness,
    "lists": _lists,
    "letters": _letters,
    "cases": _cases,
    "clock": _clock,
    "jobs": _jobs,
}
