"""What can be asked of the vault, and what a hold and a purge do in it.

A purge is of an organisation and a day of expiry, and so is everything here. None of it opens a transaction around a
call to the vault: an object store may take its time, and nobody should wait for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import Conflict, Damaged
from archive.ledger import store as ledger
from archive.segments import names, store
from archive.segments.days import LIMITS, Days
from archive.segments.source import Sources
from archive.segments.vault import Vault, Version
from archive.segments.window import records_among
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "segments")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the vault is for one organisation. `waiting`: how long the oldest entry that is not in it has waited.

    `immutable` is None before the lock was first tried. `error` is what went wrong last; `failing`, if it still does.
    """

    segments: int
    texts: int
    size: int
    through: int
    behind: int
    waiting: timedelta
    ran_at: datetime | None
    error: str | None
    error_at: datetime | None
    failing: bool
    immutable: bool | None
    because: str | None


def vault_standing(tx: Tx) -> Standing:
    row = store.position(tx.session, tx.org_id) or store.VaultPositionRow(through=0)
    totals = store.totals(tx.session, tx.org_id)
    oldest = ledger.moments(tx, row.through, row.through + 1)
    return Standing(
        segments=totals.segments,
        texts=totals.texts,
        size=totals.size,
        through=row.through,
        behind=max(0, tx.ledger_size - row.through),
        waiting=tx.now - oldest[0] if oldest else timedelta(0),
        ran_at=row.ran_at,
        error=row.error,
        error_at=row.error_at,
        failing=bool(row.error_at and (row.ran_at is None or row.ran_at < row.error_at)),
        immutable=row.immutable,
        because=row.because,
    )


def vault_locks(tx: Tx) -> store.Locks:
    """As they were set; the vault itself may say otherwise."""
    return store.locks(tx.session, tx.org_id, tx.now)


def objects_of_day(vault: Vault, organisation: OrganisationRow, day: str) -> list[Version]:
    """Every version and every marker of what expires on a day, `2027-12-28`."""
    return vault.versions(names.day_folder(organisation.public_id, day))


def objects_held_from(vault: Vault, organisation: OrganisationRow, day: str) -> list[Version]:
    """The same of what a hold has kept from being purged with it."""
    return vault.versions(names.held_folder(organisation.public_id, day))


def hold_day(transactions: Transactions, vault: Vault, organisation: OrganisationRow, day: str) -> int:
    """Place a legal hold on all objects of a day, and on those that are still to come; on how many it lies now."""
    # First the note: what is put from now on is held, whoever puts it.
    with transactions.across() as session:
        store.note_held_day(session, organisation.id, day)
    return _set_hold(vault, objects_of_day(vault, organisation, day), held=True)


def release_day(transactions: Transactions, vault: Vault, organisation: OrganisationRow, day: str) -> int:
    """Take the legal hold off all objects of a day. Their locks stay."""
    with transactions.across() as session:
        store.note_released_day(session, organisation.id, day)
    return _set_hold(vault, objects_of_day(vault, organisation, day), held=False)


def extend_day(
    transactions: Transactions, vault: Vault, organisation: OrganisationRow, day: str, until: datetime
) -> int:
    """Lock what expires on a day for longer: a longer policy. How many objects that were."""
    whole = [version for version in objects_of_day(vault, organisation, day) if not version.is_marker]
    for version in whole:
        vault.extend(version, until)
    longest = transactions.clock() + vault.longest
    folder = names.day_folder(organisation.public_id, day)
    with transactions.across() as session:
        store.note_longer(session, organisation.id, folder, until, min(until, longest))
    return len(whole)


def delete_day(transactions: Transactions, vault: Vault, organisation: OrganisationRow, day: str) -> int:
    """Delete every version of what expires on a day; how many. Raises `StillLocked`, and can be called again."""
    return _delete(transactions, vault, organisation, names.day_folder(organisation.public_id, day))


def put_held(
    transactions: Transactions,
    vault: Vault,
    organisation: OrganisationRow,
    sources: Sources,
    day: str,
    serials: Iterable[int],
    batch: str,
) -> list[str]:
    """Put records that a hold keeps, as they are sealed now, under new names and a legal hold; the names.

    `batch` is part of the names, so that doing it again changes nothing. Raises `Damaged` if something else is there.
    """
    kept = Days(organisation, LIMITS, lambda owner, of_day: f"{names.held_folder(owner, of_day)}{batch}-")
    with transactions.read(organisation.id, ACTOR) as tx:
        for record in records_among(tx, sources, serials):
            kept.add(day, record)
    objects = kept.finished()
    for each in objects:
        if not vault.put_new(each.name, each.content, held=True) and vault.get(each.name) != each.content:
            raise Damaged(f"The vault has another {each.name}.", "The records were sealed anew since: use a new batch.")
    with transactions.across() as session:
        store.note_objects(session, organisation.id, objects, transactions.clock())
    return [each.name for each in objects]


def delete_held(transactions: Transactions, vault: Vault, organisation: OrganisationRow, day: str) -> int:
    """Release and delete what a hold has kept from a day, once nothing holds it any more; how many versions."""
    _set_hold(vault, objects_held_from(vault, organisation, day), held=False)
    return _delete(transactions, vault, organisation, names.held_folder(organisation.public_id, day))


def _set_hold(vault: Vault, versions: Iterable[Version], *, held: bool) -> int:
    whole = [version for version in versions if not version.is_marker]
    for version in whole:
        vault.set_hold(version, held)
    return len(whole)


def _delete(transactions: Transactions, vault: Vault, organisation: OrganisationRow, folder: str) -> int:
    versions = vault.versions(folder)
    vault.delete(versions)
    if left := vault.versions(folder):
        raise Conflict(f"{len(left)} objects came into {folder} meanwhile.", "Delete it once more.")
    with transactions.across() as session:
        store.forget_folder(session, organisation.id, folder)
    return len(versions)
