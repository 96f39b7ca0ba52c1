"""What can be asked of the vault, and what a hold and a purge do in it.

A purge is of an organisation and a day of expiry, and so is everything here. None of it opens a transaction around a
call to the vault: an object store may take its time, and nobody should wait for it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import Conflict, Damaged
from archive.ledger import store as ledger
from archive.segments import names, store
from archive.segments.source import Contents
from archive.segments.vault import Vault, Version
from archive.segments.window import sort_again
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


def keep_holds(transactions: Transactions, vault: Vault, organisation: OrganisationRow, wanted: Collection[str]) -> int:
    """Let legal holds lie on the days that are `wanted`, and on no others; on how many days that was changed.

    For each day the note of it comes last, so whoever is interrupted does it again.
    """
    with transactions.glance() as session:
        noted = store.held_days(session, organisation.id)
    for day in sorted(set(wanted) - noted):
        hold_day(transactions, vault, organisation, day)
    for day in sorted(noted - set(wanted)):
        release_day(transactions, vault, organisation, day)
    return len(noted ^ set(wanted))


def hold_day(transactions: Transactions, vault: Vault, organisation: OrganisationRow, day: str) -> int:
    """Place a legal hold on all objects of a day, and on those that are still to come; on how many it lies now."""
    there = objects_of_day(vault, organisation, day)
    _set_hold(vault, there, held=True)
    with transactions.across() as session:
        store.note_held_day(session, organisation.id, day)
    # Until the note was there, what was put was put without a hold. (A hold may change the moment that a store names.)
    seen = {(version.name, version.id) for version in there}
    later = [each for each in objects_of_day(vault, organisation, day) if (each.name, each.id) not in seen]
    _set_hold(vault, later, held=True)
    return len([version for version in [*there, *later] if not version.is_marker])


def release_day(transactions: Transactions, vault: Vault, organisation: OrganisationRow, day: str) -> int:
    """Take the legal hold off all objects of a day. Their locks stay."""
    there = objects_of_day(vault, organisation, day)
    _set_hold(vault, there, held=False)
    with transactions.across() as session:
        store.note_released_day(session, organisation.id, day)
    later = [version for version in objects_of_day(vault, organisation, day) if version not in there]
    _set_hold(vault, later, held=False)
    return len([version for version in [*there, *later] if not version.is_marker])


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


def put_again(
    transactions: Transactions,
    vault: Vault,
    organisation: OrganisationRow,
    contents: Contents,
    serials: Iterable[int],
    batch: str,
) -> list[str]:
    """Put records a second time, as they are sealed now, each where its key belongs; the names.

    What a hold keeps comes under a legal hold, what is moved to a later day is locked until that is over. `batch` is
    part of the names, so that doing it again changes nothing. Raises `Damaged` if something else is there.
    """
    with transactions.read(organisation.id, ACTOR) as tx:
        objects = sort_again(tx, organisation, contents, serials, batch)
    with transactions.glance() as session:
        held_days = store.held_days(session, organisation.id)
    for each in objects:
        until, held = (None, True) if each.held else (each.keep_until, each.day in held_days)
        if not vault.put_new(each.name, each.content, until, held=held) and vault.get(each.name) != each.content:
            raise Damaged(f"The vault has another {each.name}.", "The records were sealed anew since: use a new batch.")
    longest = transactions.clock() + vault.longest
    with transactions.across() as session:
        store.note_objects(session, organisation.id, objects, longest)
    return [each.name for each in objects]


def delete_held(transactions: Transactions, vault: Vault, organisation: OrganisationRow, day: str) -> int:
    """Release and delete what a hold has kept from a day, once nothing holds it any more; how many versions."""
    _set_hold(vault, objects_held_from(vault, organisation, day), held=False)
    return _delete(transactions, vault, organisation, names.held_folder(organisation.public_id, day))


def _set_hold(vault: Vault, versions: Iterable[Version], *, held: bool) -> None:
    for version in versions:
        if not version.is_marker:
            vault.set_hold(version, held)


def _delete(transactions: Transactions, vault: Vault, organisation: OrganisationRow, folder: str) -> int:
    versions = vault.versions(folder)
    vault.delete(versions)
    if left := vault.versions(folder):
        raise Conflict(f"{len(left)} objects came into {folder} meanwhile.", "Delete it once more.")
    with transactions.across() as session:
        store.forget_folder(session, organisation.id, folder)
    return len(versions)
