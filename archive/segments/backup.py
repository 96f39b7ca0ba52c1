"""A backup of one organisation: the format of the vault in a place of its own, and the wrapped keys beside it.

Each run goes on where the last one ended, so the first takes long and the others don't. What was purged since leaves
the backup as well, and the keys are replaced: no old state is kept, since a ledger has no use for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.keys.keyring import DAY_KEY, Purpose, destroyed_keys
from archive.ledger.checkpoints import signer
from archive.ledger.store import commitments, newest_checkpoint
from archive.segments import names
from archive.segments.days import LIMITS, Finished, Limits
from archive.segments.fetching import fetch_segments
from archive.segments.key_copy import KeyPlace, copy_keys
from archive.segments.layout import Entry, Record, read_segment
from archive.segments.manifest import (
    SUFFIX,
    Manifest,
    demand_sound,
    hashed,
    list_objects,
    open_manifest,
    sign_manifest,
)
from archive.segments.source import Contents
from archive.segments.state import Copy, copied, make_state_key, objects_of
from archive.segments.vault import Vault, Version
from archive.segments.window import Window, cut, sort_again
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "backup")


@dataclass(frozen=True, slots=True)
class BackupPlace:
    """Where a backup is: a folder, or a part of a bucket. `keys` also keeps the signed list of what is there."""

    vault: Vault
    keys: KeyPlace


@dataclass(frozen=True, slots=True)
class Made:
    """`entries` of the ledger are in it, in `objects` of `size` bytes; `put` and `deleted` of these by this run."""

    entries: int
    objects: int
    size: int
    put: int
    deleted: int


class Backup:
    """One run. None of it opens a transaction around a call to the place, which may take its time."""

    def __init__(
        self,
        transactions: Transactions,
        place: BackupPlace,
        organisation: OrganisationRow,
        contents: Contents,
        limits: Limits = LIMITS,
    ) -> None:
        self._transactions = transactions
        self._place = place
        self._organisation = organisation
        self._contents = contents
        self._limits = limits
        self._put: dict[str, tuple[int, str]] = {}
        self._going: list[Version] = []
        self._entries = 0

    def make(self, *, thorough: bool = False) -> Made:
        """Raises `Damaged` where the place holds another ledger than the database, or another thing than was put there.

        `thorough`: everything is read again, not only what this run has put.
        """
        make_state_key(self._transactions, self._organisation.id)
        copy_keys(self._transactions, self._place.keys, self._organisation)
        self._go_on_from(self._end())
        self._replace_outdated()
        objects = self._listed(thorough=thorough)
        # Last, so that the list never names what is gone.
        self._place.vault.delete(self._going)
        size = sum(size for size, _ in objects.values())
        return Made(self._entries, len(objects), size, len(self._put), len(self._going))

    def _end(self) -> int:
        """Up to which entry the ledger is there."""
        listed = self._place.vault.names(names.ledger_folder(self._organisation.public_id))
        if not listed:
            return 0
        newest = read_segment(listed[-1], self._place.vault.get(listed[-1]))
        kept = {line.seq: line.commit for line in newest if isinstance(line, Entry)}
        with self._transactions.read(self._organisation.id, ACTOR) as tx:
            stored = commitments(tx, newest.header.first - 1, newest.header.last)
            if stored != kept:
                raise Damaged(
                    f"The backup in {self._place.vault.place} is of another ledger than the database's.",
                    "Nothing was written. Run `textarchive verify`; use another place for a backup of this database.",
                )
        return newest.header.last

    def _go_on_from(self, after: int) -> None:
        """Stretch by stretch; with the last one come the small tables of the same moment."""
        copy = None
        while copy is None:
            with self._transactions.read(self._organisation.id, ACTOR) as tx:
                window = self._next(tx, after)
                after = window.last if window else after
                copy = copied(tx, self._contents.tables) if after == tx.ledger_size else None
                newest = newest_checkpoint(tx.session)
            if window:
                self._put_all([*window.parts, window.ledger])
        self._replace(names.state_folder(self._organisation.public_id), self._state(copy))
        if newest:
            folder = names.checkpoint_folder(self._organisation.public_id)
            self._replace(folder, {f"{folder}{newest.size:020d}": newest.note.encode()})
        self._entries = after

    def _next(self, tx: Tx, after: int) -> Window | None:
        if after == tx.ledger_size:
            return None
        return cut(tx, self._organisation, self._contents, after, limits=self._limits)

    def _state(self, copy: Copy) -> dict[str, bytes]:
        return dict(objects_of(self._organisation, copy, self._limits))

    def _put_all(self, objects: Sequence[Finished]) -> None:
        for each in objects:
            self._put_one(each.name, each.content)

    def _put_one(self, name: str, content: bytes) -> None:
        if self._place.vault.put_new(name, content):
            self._put[name] = hashed(content)

    def _replace(self, folder: str, objects: dict[str, bytes]) -> None:
        """By newer ones."""
        self._going += [version for version in self._place.vault.versions(folder) if version.name not in objects]
        for name, content in objects.items():
            self._put_one(name, content)

    def _replace_outdated(self) -> None:
        """What lies under a key that is destroyed goes; what of it is still here is put as it is sealed now."""
        with self._transactions.glance() as session:
            dead = destroyed_keys(session, self._organisation.id)
        outdated = [*self._of_days(dead), *self._of_holds(dead)]
        serials = {
            line.seq
            for _, segment in fetch_segments(self._place.vault, [version.name for version in outdated])
            for line in segment or ()
            if isinstance(line, Record)
        }
        with self._transactions.read(self._organisation.id, ACTOR) as tx:
            again = sort_again(tx, self._organisation, self._contents, serials, f"{tx.ledger_size}")
        self._put_all(again)
        self._going += outdated

    def _of_days(self, dead: dict[int, Purpose]) -> list[Version]:
        days = {purpose.period for purpose in dead.values() if purpose.name == DAY_KEY}
        folders = [names.day_folder(self._organisation.public_id, day) for day in sorted(days)]
        return [version for folder in folders for version in self._place.vault.versions(folder)]

    def _of_holds(self, dead: dict[int, Purpose]) -> list[Version]:
        listed = self._place.vault.versions(names.held_folders(self._organisation.public_id))
        outdated = {
            name
            for name, segment in fetch_segments(self._place.vault, [version.name for version in listed])
            if any(isinstance(line, Record) and line.key_id in dead for line in segment or ())
        }
        return [version for version in listed if version.name in outdated]

    def _listed(self, *, thorough: bool) -> dict[str, tuple[int, str]]:
        """Everything that is to be there, signed, once what is new was read back."""
        name = self._organisation.public_id + SUFFIX
        with self._transactions.read(self._organisation.id, ACTOR) as tx:
            mine, now = signer(tx, self._organisation.origin), tx.now
        before = self._place.keys.read(name)
        known = open_manifest(before, mine.public).objects if before else {}
        vault, owner, going = self._place.vault, self._organisation.public_id, {each.name for each in self._going}
        objects = list_objects(vault, owner, going, {**known, **self._put})
        wanted = {each: objects[each] for each in (objects if thorough else self._put) if each in objects}
        demand_sound(vault, {each: known[each] for each in known if each not in going}, objects, wanted)
        self._place.keys.replace(name, sign_manifest(Manifest(owner, now, self._entries, objects), mine))
        return objects
