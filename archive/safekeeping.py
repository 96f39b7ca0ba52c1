"""The vault for all surfaces: what goes into it, and what comes back out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Table

from archive.access.organisations import OrganisationRow, list_organisations
from archive.completeness.vaulting import CompletenessVaulting
from archive.core.errors import ArchiveError, Conflict, NotReady
from archive.db.base import Base
from archive.deliveries.vaulting import TextVaulting
from archive.holds.store import days_under_hold
from archive.holds.vaulting import HoldVaulting
from archive.intake.quarantine import KEPT
from archive.intake.vaulting import QuarantineVaulting
from archive.ledger.note import VerifierKey
from archive.messages.actions import STORED
from archive.retention.destroyed import PurgeVaulting
from archive.retention.finding import bring_forward
from archive.retention.starting_over import start_over
from archive.runs.model import LeaseLost
from archive.segments import store
from archive.segments.actions import ACTOR, Standing, keep_holds, vault_standing
from archive.segments.follower import Follower
from archive.segments.key_copy import KeyCopy, KeyPlace, copy_keys, read_copies
from archive.segments.restore import Restored, restore_organisation
from archive.segments.source import Annex, Contents, Sources
from archive.segments.state import keep_state, make_state_key
from archive.segments.upkeep import renew_locks, sweep
from archive.segments.vault import Enforcement, Vault
from archive.tx import Transactions

SOURCES: Sources = {STORED: TextVaulting(), KEPT: QuarantineVaulting()}

ANNEXES: tuple[Annex, ...] = (HoldVaulting(), PurgeVaulting(), CompletenessVaulting())

_ELSEWHERE = {
    *("ledger_entry", "data_key"),
    *(table for source in SOURCES.values() for table in source.tables),
    *(table for annex in ANNEXES for table in annex.tables),
}


def contents() -> Contents:
    """All that the vault holds of an organisation beside its keys."""
    return Contents(SOURCES, ANNEXES, small_tables())


def small_tables() -> dict[str, Table]:
    """Name → table of all that an organisation has beside its ledger, its keys and its sealed records.

    Its own row is among them: the copy of the keys knows only as much of it as is needed to begin.
    """
    return {
        table.name: table
        for table in Base.metadata.sorted_tables
        if table.info.get("ledgered", True) and table.name not in _ELSEWHERE
    }


def keep_up(
    transactions: Transactions,
    vault: Vault,
    keys: KeyPlace,
    organisation: OrganisationRow,
    delay: timedelta = timedelta(0),
) -> int:
    """Everything of an organisation that has waited for `delay` into the vault; how many objects were put.

    What went wrong is remembered for `status`, and raised.
    """
    try:
        put = _keep_up(transactions, vault, keys, organisation, delay)
        found = vault.enforcement()
    except LeaseLost:
        raise
    except ArchiveError as problem:
        with transactions.across() as session:
            store.note(session, organisation.id, error=str(problem), error_at=transactions.clock())
        raise
    with transactions.across() as session:
        ran_at = transactions.clock()
        store.note(session, organisation.id, ran_at=ran_at, immutable=found.immutable, because=found.because)
    return put


def _keep_up(
    transactions: Transactions, vault: Vault, keys: KeyPlace, organisation: OrganisationRow, delay: timedelta
) -> int:
    make_state_key(transactions, organisation.id)
    # First the keys: without them everything else is noise.
    copy_keys(transactions, keys, organisation)
    parts = contents()
    put = Follower(transactions, vault, organisation, parts).catch_up(delay)
    put += keep_state(transactions, vault, organisation, parts.tables)
    keep_holds(transactions, vault, organisation, _days_under_hold(transactions, organisation))
    renew_locks(transactions, vault, organisation)
    sweep(transactions, vault, organisation)
    return put


def _days_under_hold(transactions: Transactions, organisation: OrganisationRow) -> set[str]:
    with transactions.read(organisation.id, ACTOR) as tx:
        return days_under_hold(tx)


def repair(transactions: Transactions, vault: Vault, organisation: OrganisationRow) -> int:
    """Look at every segment, and put back what the vault has lost and the database still has; how many objects."""
    return Follower(transactions, vault, organisation, contents()).walk()


@dataclass(frozen=True, slots=True)
class VaultStatus:
    """`final`: whether a destroyed key is gone for good once the copy of the keys was replaced."""

    place: str
    kind: str
    enforcement: Enforcement
    keys_place: str
    final: bool
    organisations: list[tuple[OrganisationRow, Standing]]


def status(transactions: Transactions, vault: Vault, keys: KeyPlace) -> VaultStatus:
    """Asks the store, and tries its lock, unless that was done within the hour."""
    with transactions.glance() as session:
        rows = list_organisations(session)
    standings = []
    for row in rows:
        with transactions.read(row.id, ACTOR) as tx:
            standings.append((row, vault_standing(tx)))
    return VaultStatus(vault.place, vault.kind, vault.enforcement(), keys.place, not keys.keeps_history(), standings)


Progress = Callable[[str, int, int], None]
"""Told of an organisation's name, and how many segments of how many are done."""


def silently(_name: str, _done: int, _total: int) -> None:
    return


def restore(
    transactions: Transactions,
    vault: Vault,
    keys: KeyPlace,
    *,
    despite_gaps: bool = False,
    progress: Progress = silently,
) -> list[Restored]:
    """Rebuild an empty database from the vault and the copy of the keys."""
    copies = read_copies(keys)
    if not copies:
        raise NotReady(f"There is no copy of the keys in {keys.place}.", "Set TEXTARCHIVE_KEYS_BACKUP to where it is.")
    return restore_from(transactions, vault, copies, despite_gaps=despite_gaps, progress=progress)


def restore_from(
    transactions: Transactions,
    vault: Vault,
    copies: Sequence[KeyCopy],
    *,
    backups: Sequence[Vault] = (),
    check: Callable[[str, VerifierKey], None] | None = None,
    despite_gaps: bool = False,
    progress: Progress = silently,
) -> list[Restored]:
    """One organisation after the other; called again, it goes on where it was broken off.

    `check` looks at what it is to be restored from, with the organisation's id and the key that it is signed by.
    """
    _demand_empty(transactions, copies)
    found = [
        restore_organisation(
            transactions,
            vault,
            copy,
            contents(),
            backups=backups,
            beforehand=partial(check, copy.owner.public_id) if check else lambda _key: None,
            afterwards=start_over,
            despite_gaps=despite_gaps,
            progress=partial(progress, copy.owner.name),
        )
        for copy in copies
    ]
    restored = [each for each in found if each]
    for each in restored:
        bring_forward(transactions, each.organisation.id)
    if not restored:
        raise Conflict("All of it is in the database already.", "Restore into an empty database only.")
    return restored


def _demand_empty(transactions: Transactions, copies: Sequence[KeyCopy]) -> None:
    known = {copy.owner.public_id for copy in copies}
    with transactions.glance() as session:
        strangers = [row.name for row in list_organisations(session) if row.public_id not in known]
    if strangers:
        raise Conflict(f"{strangers[0]} is in the database already.", "Restore into an empty database only.")
