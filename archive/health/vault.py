"""The vault of one organisation: what is in it, what guards it, and what to do about what is wrong.

Read from what the job `segments` has written down. Nothing is tried here: a page is asked for often, and trying a lock
is trying to break it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import ArchiveError
from archive.health.model import SEE_JOBS, VAULT_GRACE, Finding, of_scrub
from archive.scrubbing import newest_scrub
from archive.segments.actions import Standing, vault_locks, vault_standing
from archive.segments.key_copy import KeyPlace
from archive.segments.store import Locks
from archive.settings import Bucket, Profiles
from archive.tx import Tx
from archive.wiring import Archive

_ROOM = "See that the disk has room and that the archive may write there."
_STORE = (
    "See that the object store answers and what the profile ingest may do: `textarchive vault status`."
    " What was taken in meanwhile is safe in the database, and follows."
)
_BUCKET = (
    "The bucket needs versions and Object Lock, and no profile may bypass a lock: see docs/operating.md on the vault."
    " Then `textarchive jobs run segments`."
)


@dataclass(frozen=True, slots=True)
class VaultView:
    """`mode` and `profiles` are of a bucket. `keeps_history`: of the place of the keys, None if it can't be asked.

    `delay`: how long after its commit at most a text is here. `sampled`: what came of the newest look at a sample.
    """

    kind: str
    place: str
    mode: str | None
    profiles: Profiles | None
    longest: timedelta
    delay: timedelta
    keys_place: str
    keeps_history: bool | None
    standing: Standing
    locks: Locks
    sampled: Finding | None
    findings: tuple[Finding, ...]


def look_at_vault(archive: Archive, organisation: OrganisationRow) -> VaultView:
    settings, vault = archive.settings, archive.vault
    is_bucket = isinstance(settings.vault, Bucket)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        standing, locks, sampled = vault_standing(tx), vault_locks(tx), _sampled(tx)
    history, delay = _keeps_history(archive.keys_backup), timedelta(seconds=settings.vault_delay_seconds)
    return VaultView(
        kind=vault.kind,
        place=vault.place,
        mode=settings.vault_mode if is_bucket else None,
        profiles=settings.profiles if is_bucket else None,
        longest=timedelta(days=settings.vault_max_lock_days),
        delay=delay,
        keys_place=archive.keys_backup.place,
        keeps_history=history,
        standing=standing,
        locks=locks,
        sampled=sampled,
        findings=tuple(findings_of(standing, vault.kind, history, delay, sampled)),
    )


def findings_of(
    standing: Standing, kind: str, history: bool | None, delay: timedelta, sampled: Finding | None = None
) -> Iterator[Finding]:
    """What is not in order, the worst first. Pure."""
    if standing.failing:
        what = f"can't be written to; the last run failed: {standing.error}"
        yield Finding("vault", "broken", what, _STORE if kind == "s3" else _ROOM)
    if standing.immutable is False and kind == "s3":
        yield Finding("vault", "broken", f"is not immutable: {standing.because}", _BUCKET)
    if sampled and sampled.state != "ok":
        yield sampled
    if history:
        what = "the copy of the keys keeps what was replaced: no purge is ever final"
        yield Finding("vault", "broken", what, "Keep it in a folder, or in a bucket without versions.")
    if history is None:
        what = "the place of the copy of the keys does not answer, so nobody knows whether it keeps history"
        yield Finding("vault", "warning", what, "See what the profile keys may do: `textarchive vault status`.")
    if standing.ran_at is None and not standing.failing:
        yield Finding("vault", "warning", "nothing was put into it yet", f"The job segments does that. {SEE_JOBS}")
    elif standing.waiting > delay + VAULT_GRACE:
        minutes = standing.waiting // timedelta(minutes=1)
        yield Finding("vault", "warning", f"is {minutes:,} minutes behind", SEE_JOBS)


def _sampled(tx: Tx) -> Finding | None:
    newest = newest_scrub(tx)
    return of_scrub(newest.at, newest.detail["faults"], next(iter(newest.detail["what"]), "")) if newest else None


def _keeps_history(keys: KeyPlace) -> bool | None:
    try:
        return keys.keeps_history()
    except ArchiveError:
        return None
