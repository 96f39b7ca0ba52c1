"""What a purge does in the vault: what stays is put there as it is sealed now, then which texts go, then the day's
objects are deleted.

The other way round a crash would leave a held text without a copy, and a restore would not know what must not come
back. What a hold keeps lies under a legal hold, since nobody knows for how long it will; it is deleted once none of its
records can be read and is still wanted.
"""

from bisect import bisect_left
from collections.abc import Sequence

from archive.access.organisations import OrganisationRow
from archive.core.errors import Damaged
from archive.holds.store import days_under_hold, living
from archive.intake.expiring import living_items
from archive.retention.batch import Batch
from archive.retention.shredding import living_keys
from archive.safekeeping import contents
from archive.segments import actions, names, store
from archive.segments.follower import Follower
from archive.segments.key_copy import KeyPlace, copy_keys
from archive.segments.layout import Record, read_segment
from archive.segments.vault import Vault, Version
from archive.tx import Transactions


def replace_day(
    transactions: Transactions, vault: Vault, keys: KeyPlace, organisation: OrganisationRow, batch: Batch
) -> None:
    """Raises `Damaged` while anything held lies under the key of the day, and `StillLocked` where the store refuses to
    delete: then there is a lock that nobody knew of.
    """
    day = batch.expires_on.isoformat()
    # What stays may lie under a key that was made for it a moment ago: a copy that nobody can open is none.
    copy_keys(transactions, keys, organisation)
    _put_what_stays(transactions, vault, organisation, batch)
    Follower(transactions, vault, organisation, contents()).catch_up()
    with transactions.read(organisation.id, actions.ACTOR) as tx:
        held = days_under_hold(tx)
    if day in held:
        raise Damaged(
            f"Texts under a hold lie under the key of {day}.", "Nothing was deleted. Run `textarchive verify`."
        )
    actions.release_day(transactions, vault, organisation, day)
    actions.delete_day(transactions, vault, organisation, day)


def drop_outdated(
    transactions: Transactions, vault: Vault, organisation: OrganisationRow, serials: Sequence[int]
) -> None:
    """Delete what was put for a hold and serves nobody any more. `serials`, in order: of what is gone or was moved."""
    for version in vault.versions(names.held_folders(organisation.public_id)):
        first, last = names.range_of(version.name)
        at = bisect_left(serials, first)
        concerned = at < len(serials) and serials[at] <= last
        if version.is_marker or (concerned and not _is_needed(transactions, vault, organisation, version)):
            _drop(transactions, vault, organisation, version)


def _put_what_stays(transactions: Transactions, vault: Vault, organisation: OrganisationRow, batch: Batch) -> None:
    if not batch.staying:
        return
    try:
        actions.put_again(transactions, vault, organisation, contents(), batch.staying, batch.id)
    except Damaged:
        # Begun before and sealed anew since, when another hold was placed or released.
        again = f"{batch.id}-{_size(transactions, organisation)}"
        actions.put_again(transactions, vault, organisation, contents(), batch.staying, again)


def _size(transactions: Transactions, organisation: OrganisationRow) -> int:
    with transactions.read(organisation.id, actions.ACTOR) as tx:
        return tx.ledger_size


def _is_needed(transactions: Transactions, vault: Vault, organisation: OrganisationRow, version: Version) -> bool:
    """Whether it holds anything that is still here and whose key, the one of this copy, lives."""
    records = read_segment(version.name, vault.get(version.name))
    sealed = {record.seq: record.key_id for record in records if isinstance(record, Record)}
    with transactions.read(organisation.id, actions.ACTOR) as tx:
        here = {*living(tx, list(sealed)), *living_items(tx, list(sealed))}
        keys = living_keys(tx, {sealed[serial] for serial in here})
    return any(sealed[serial] in keys for serial in here)


def _drop(transactions: Transactions, vault: Vault, organisation: OrganisationRow, version: Version) -> None:
    if not version.is_marker:
        vault.set_hold(version, held=False)
    vault.delete([version])
    with transactions.across() as session:
        store.forget_folder(session, organisation.id, version.name)
