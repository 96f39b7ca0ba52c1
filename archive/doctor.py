"""Looks at every part that the archive stands on, and says what to do about what is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, text

from archive.access.organisations import OrganisationRow, list_organisations
from archive.campaigns.cases.actions import due_cases
from archive.campaigns.cases.model import Urgency
from archive.completeness.reading import alarms
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.core.errors import ArchiveError
from archive.health import model
from archive.health.model import Finding
from archive.keys import recovery
from archive.keys.keyring import HASHES, SIGNING
from archive.ledger.rows import LedgerEntryRow
from archive.ledger.standing import unsigned
from archive.letters.watching import due
from archive.pulling.reading import all_standings
from archive.runs import store as runs
from archive.runs.actions import look_at_clocks
from archive.runs.due import MOST_APART
from archive.safekeeping import status
from archive.scrubbing import newest_scrub
from archive.segments.actions import Standing
from archive.wiring import Archive, read_master


def examine(archive: Archive) -> list[Finding]:
    """One or more findings for each part; a part that raises is broken, and the others are still looked at."""
    findings: list[Finding] = []
    for part, look in PARTS.items():
        try:
            findings.extend(look(archive))
        except ArchiveError as problem:
            findings.append(Finding(part, "broken", problem.message, problem.next_step))
        except Exception as problem:  # noqa: BLE001 - a doctor reports what it finds, whatever it is.
            findings.append(Finding(part, "broken", f"{type(problem).__name__}: {problem}", "See docs/operating.md."))
    return findings


def _database(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
        if archive.engine.dialect.name == "sqlite":
            found = session.scalar(text("PRAGMA quick_check(1)"))
            if found != "ok":
                yield Finding("database", "broken", f"SQLite says: {found}", "Restore the database from a backup.")
                return
    names = ", ".join(row.name for row in organisations) or "none yet"
    yield Finding("database", "ok", f"{archive.engine.dialect.name}, organisations: {names}")


def _keys(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
        for row in organisations:
            for purpose in (HASHES, SIGNING):
                archive.keyring.find(session, row.id, purpose)
        yield Finding("keys", "ok", f"the master key opens the keys of {len(organisations)} organisations")
        if master := read_master(archive.settings):
            yield from model.of_recovery(recovery.confirmed_at(session, master) is not None)


def _vault(archive: Archive) -> Iterator[Finding]:
    found = status(archive.transactions, archive.vault, archive.keys_backup)
    if found.enforcement.immutable or found.kind == "folder":
        word = "immutable" if found.enforcement.immutable else "a folder"
        yield Finding("vault", "ok", f"{found.place}, {word}")
    else:
        yield Finding(
            "vault",
            "broken",
            f"{found.place} is not immutable: {found.enforcement.because}",
            "See docs/operating.md on the vault: the bucket, its lock, and what each profile may do.",
        )
    if not found.final:
        yield Finding(
            "vault",
            "broken",
            f"the copy of the keys, {found.keys_place}, keeps what was replaced: no purge is ever final",
            "Keep it in a bucket without versions.",
        )
    delay = timedelta(seconds=archive.settings.vault_delay_seconds) + model.VAULT_GRACE
    for row, standing in found.organisations:
        yield _vault_standing(row.name, standing, delay)


def _vault_standing(name: str, standing: Standing, delay: timedelta) -> Finding:
    what = f"{name}: {standing.texts:,} texts in {standing.segments:,} segments, {standing.behind:,} entries behind"
    if standing.failing:
        return Finding("vault", "broken", f"{what}; the last run failed: {standing.error}", "See what it says.")
    if standing.waiting > delay:
        minutes = standing.waiting // timedelta(minutes=1)
        return Finding("vault", "warning", f"{what}, for {minutes:,} minutes", "See that jobs are running.")
    return Finding("vault", "ok", what)


def _scrub(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        with archive.transactions.read(row.id, OPERATOR) as tx:
            newest = newest_scrub(tx)
        if newest:
            said = newest.detail
            yield _of(row, model.of_scrub(newest.at, said["faults"], next(iter(said["what"]), "")))


def _index(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        faults = [fault.what for fault in archive.index.check(row.id)]
        if faults:
            next_step = "Run `textarchive jobs run scrub-index`: it makes again what is damaged."
            yield Finding("index", "broken", f"{row.name}: {' '.join(faults)}", next_step)
            continue
        with archive.transactions.read(row.id, OPERATOR) as tx:
            state = archive.index.state(row.id)
            yield _of(row, model.of_index(tx.ledger_size - state.position, state.lost))


def _ledger(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        with archive.transactions.read(row.id, OPERATOR) as tx:
            waiting = unsigned(tx)
            yield _of(row, model.of_ledger(waiting.entries, waiting.since, tx.now))


def _completeness(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = list(model.of_gaps(alarms(tx)))
        yield from (_of(row, finding) for finding in found)


def _lists(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = list(model.of_lists(all_standings(tx), tx.now))
        yield from (_of(row, finding) for finding in found)


def _letters(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        with archive.transactions.read(row.id, OPERATOR) as tx:
            for finding in model.of_letters(due(tx), day_of(tx.now)):
                yield _of(row, finding)


def _cases(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        with archive.transactions.read(row.id, OPERATOR) as tx:
            urgencies = [case.urgency for case in due_cases(tx)]
        found = model.of_cases(urgencies.count(Urgency.LATE), urgencies.count(Urgency.SOON))
        yield from (_of(row, finding) for finding in found)


def _clock(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        now = archive.clock()
        verdict = look_at_clocks(session, now)
        newest = session.scalar(select(LedgerEntryRow.at).order_by(LedgerEntryRow.at.desc()).limit(1))
    apart = abs(archive.vault.now() - now)
    if verdict.agree and newest and newest > now + MOST_APART:
        yield Finding("clock", "broken", f"stands before the newest ledger entry ({newest})", "Set the clock by NTP.")
    elif apart > MOST_APART:
        next_step = "Set it by NTP: locks end by the vault's."
        yield Finding("clock", "broken", f"differs from the vault's by {apart}", next_step)
    else:
        yield from model.of_clocks(verdict, now)


def _jobs(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        yield from model.of_jobs(runs.all_states(session), archive.clock())


def _of(organisation: OrganisationRow, finding: Finding) -> Finding:
    return replace(finding, what=f"{organisation.name}: {finding.what}")


PARTS: dict[str, Callable[[Archive], Iterator[Finding]]] = {
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
