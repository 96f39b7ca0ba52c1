"""Looks at every part that the archive stands on, and says what to do about what is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import select, text

from archive.access.organisations import list_organisations
from archive.core.actor import OPERATOR
from archive.core.clock import from_micros
from archive.core.errors import ArchiveError
from archive.keys import recovery
from archive.keys.keyring import HASHES, SIGNING
from archive.ledger import store
from archive.ledger.rows import LedgerEntryRow
from archive.safekeeping import status
from archive.segments.actions import Standing
from archive.wiring import Archive, read_master

MOST_SKEW = timedelta(seconds=120)
MOST_LAG = 10_000
CHECKPOINT_AGE = timedelta(minutes=5)
VAULT_GRACE = timedelta(minutes=5)

State = Literal["ok", "warning", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    state: State
    what: str
    next_step: str = ""


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
        master = read_master(archive.settings)
        if master and recovery.confirmed_at(session, master) is None:
            yield Finding(
                "keys",
                "warning",
                "nobody has confirmed having a recovery copy of the master key",
                "Run `textarchive recovery show`, keep what it prints, then `textarchive recovery confirm`.",
            )


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
    delay = timedelta(seconds=archive.settings.vault_delay_seconds) + VAULT_GRACE
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


def _index(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        problems = archive.index.check(row.id)
        if problems:
            yield Finding("index", "broken", f"{row.name}: {'; '.join(problems)}", "Run `textarchive index rebuild`.")
            continue
        with archive.transactions.read(row.id, OPERATOR) as tx:
            behind = tx.ledger_size - archive.index.position(row.id)
        if behind > MOST_LAG:
            yield Finding("index", "warning", f"{row.name}: {behind:,} entries behind", "See that jobs are running.")
        else:
            yield Finding("index", "ok", f"{row.name}: {behind:,} entries behind")


def _ledger(archive: Archive) -> Iterator[Finding]:
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    for row in organisations:
        with archive.transactions.read(row.id, OPERATOR) as tx:
            newest = store.newest_checkpoint(tx.session)
            signed = newest.size if newest else 0
            waiting = tx.session.scalar(select(LedgerEntryRow.at).where(LedgerEntryRow.seq == signed + 1))
            behind = tx.ledger_size - signed
            late = waiting is not None and tx.now - waiting > CHECKPOINT_AGE
        if late:
            yield Finding(
                "ledger",
                "warning",
                f"{row.name}: {behind:,} entries wait for a checkpoint",
                "See that jobs are running.",
            )
        else:
            yield Finding("ledger", "ok", f"{row.name}: {behind:,} entries since the last checkpoint")


def _clock(archive: Archive) -> Iterator[Finding]:
    now = archive.clock()
    with archive.transactions.glance() as session:
        micros = (
            text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)")
            if archive.engine.dialect.name == "postgresql"
            else text("SELECT CAST((julianday('now') - 2440587.5) * 86400000000 AS integer)")
        )
        skew = abs(from_micros(session.scalars(micros).one()) - now)
        newest = session.scalar(select(LedgerEntryRow.at).order_by(LedgerEntryRow.at.desc()).limit(1))
    apart = abs(archive.vault.now() - now)
    if skew > MOST_SKEW:
        yield Finding("clock", "broken", f"differs from the database's by {skew}", "Set both clocks by NTP.")
    elif apart > MOST_SKEW:
        yield Finding(
            "clock", "broken", f"differs from the vault's by {apart}", "Set it by NTP: locks end by the vault's."
        )
    elif newest and newest > now + MOST_SKEW:
        yield Finding("clock", "broken", f"stands before the newest ledger entry ({newest})", "Set the clock by NTP.")
    else:
        yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC, database and vault agree")


PARTS: dict[str, Callable[[Archive], Iterator[Finding]]] = {
    "database": _database,
    "keys": _keys,
    "ledger": _ledger,
    "vault": _vault,
    "index": _index,
    "clock": _clock,
}
