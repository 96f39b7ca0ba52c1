"""Backups for all surfaces: of every organisation, into a place of their own, and back from there."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import Damaged, NotReady
from archive.ledger.entry import Event
from archive.ledger.note import VerifierKey
from archive.safekeeping import Progress, contents, restore_from, silently
from archive.segments.backup import Backup, BackupPlace, Made
from archive.segments.key_copy import KeyPlace, merged, read_copies
from archive.segments.manifest import SUFFIX, damaged_objects, open_manifest
from archive.segments.restore import Restored
from archive.segments.vault import Vault
from archive.tx import Transactions


class BackupMade(Event, frozen=True, kw_only=True):
    """`entries` of the ledger were in it, up to the one before this. `place` is sealed: a path may name somebody."""

    kind = "backup.made"
    private: ClassVar[frozenset[str]] = frozenset({"place"})
    entries: int
    objects: int
    place: str


def back_up(
    transactions: Transactions,
    place: BackupPlace,
    organisations: Iterable[OrganisationRow],
    actor: Actor,
    *,
    thorough: bool = False,
) -> list[tuple[OrganisationRow, Made]]:
    """Raises `Damaged` where a place is of another ledger, or does not hold what was put there."""
    made = []
    for organisation in organisations:
        done = Backup(transactions, place, organisation, contents()).make(thorough=thorough)
        with transactions.write(organisation.id, actor) as tx:
            tx.record(BackupMade(entries=done.entries, objects=done.objects, place=place.vault.place))
        made.append((organisation, done))
    return made


def restore_backup(
    transactions: Transactions,
    vault: Vault,
    keys: KeyPlace,
    place: BackupPlace,
    *,
    despite_gaps: bool = False,
    progress: Progress = silently,
) -> list[Restored]:
    """Rebuild an empty database from a backup, and from whatever the vault and the copy of the keys have since.

    So what was purged after the backup does not come back, and what was held or released since is held or released.
    """
    copies = merged([*read_copies(place.keys), *read_copies(keys)])
    if not copies:
        raise NotReady(f"There is no backup in {place.vault.place}.", "Name the folder or bucket that it was made in.")
    check = None if despite_gaps else partial(_demand_whole, place)
    return restore_from(
        transactions, vault, copies, backups=[place.vault], check=check, despite_gaps=despite_gaps, progress=progress
    )


def _demand_whole(place: BackupPlace, organisation: str, key: VerifierKey) -> None:
    """Raises `Damaged` unless the backup has a signed list, and is what that says."""
    content = place.keys.read(organisation + SUFFIX)
    if content is None:
        raise Damaged(f"The backup in {place.vault.place} has no list of what is in it: it was never finished.", _REST)
    damaged = list(damaged_objects(place.vault, open_manifest(content, key).objects))
    if damaged:
        raise Damaged(f"{len(damaged)} objects of the backup are gone or damaged: {', '.join(damaged[:3])}.", _REST)


_REST = "Use another copy of it, or restore the rest with --despite-gaps."
