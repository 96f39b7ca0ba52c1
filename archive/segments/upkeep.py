"""What becomes of objects with time: locks that are cut short are lengthened, what has served is taken away."""

from datetime import timedelta

from archive.access.organisations import OrganisationRow
from archive.segments import names, store
from archive.segments.vault import Vault, Version, stored_versions
from archive.tx import Transactions

EVERY = timedelta(hours=1)
SLACK = timedelta(hours=1)
"""Beyond the end of a lock, so that no two clocks have to agree."""


def renew_locks(transactions: Transactions, vault: Vault, organisation: OrganisationRow) -> int:
    """A lock that may not last as long as its object is set anew when half of it is over; how many were."""
    now = transactions.clock()
    with transactions.glance() as session:
        short = store.locked_too_shortly(session, organisation.id, now + vault.longest / 2)
    for row in short:
        for version in stored_versions(vault, row.name):
            vault.extend(version, row.keep_until)
    with transactions.across() as session:
        for row in short:
            store.note_lock(session, row, min(row.keep_until, now + vault.longest))
    return len(short)


def sweep(transactions: Transactions, vault: Vault, organisation: OrganisationRow) -> int:
    """Delete leaves whose entries are in segments, and all copies of the small tables but the newest one; how many.

    Once an hour at most. Raises `StillLocked` if these credentials may not delete.
    """
    now = transactions.clock()
    with transactions.glance() as session:
        row = store.position(session, organisation.id)
    if row is None or (row.swept_at and now - row.swept_at < EVERY):
        return 0
    old = [
        *_old_leaves(vault.versions(names.leaves_folder(organisation.public_id)), row.through),
        *_old_states(vault.versions(names.state_folder(organisation.public_id)), row.through),
    ]
    free = [version for version in old if version.is_marker or not vault.lock_of(version).binds(now - SLACK)]
    if free:
        vault.delete(free)
    with transactions.across() as session:
        store.note(session, organisation.id, swept_at=now)
    return len(free)


def _old_leaves(versions: list[Version], through: int) -> list[Version]:
    return [version for version in versions if names.range_of(version.name)[1] <= through]


def _old_states(versions: list[Version], through: int) -> list[Version]:
    """All but the newest copy whose ledger is in the vault too, and what is newer. Names sort by the ledger's size."""
    copies = {version.name.partition(".")[0] for version in versions}
    newest = max((copy for copy in copies if names.first_of(copy) <= through), default="")
    return [version for version in versions if version.name.partition(".")[0] < newest]
