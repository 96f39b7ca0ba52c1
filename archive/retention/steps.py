"""The steps of a batch that has begun, in their order. Each is safe to repeat, whenever the one before was broken off.

The index first, which ends discovery; the vault before the keys, since an object that can't be deleted speaks of a lock
or a hold that nobody knew of; the keys before the rows, which say what is still to be done; the certificate last.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.intake.expiring import count_items, remove_items
from archive.keys.keyring import DataKeyRow
from archive.retention import shredding
from archive.retention.batch import Batch, Step
from archive.retention.batches import note_staying, note_step, read_batch
from archive.retention.destroying_keys import clear, demand_unneeded, keys_by_id, keys_left, keys_to_go
from archive.retention.erasing import Searched, database_files, empty_log, search_files, write_anew
from archive.retention.purge_events import PurgeStepDone, subject_of
from archive.retention.switch import demand_running
from archive.retention.vaulting import drop_outdated, replace_day
from archive.search.follower import catch_up
from archive.search.index import IndexBusy, SearchIndex
from archive.segments.actions import objects_of_day
from archive.segments.key_copy import KeyPlace, copy_keys
from archive.segments.vault import Vault
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "purge")


class Means(Protocol):
    """What of an archive a purge needs; `wiring.Archive` is one."""

    @property
    def transactions(self) -> Transactions: ...
    @property
    def index(self) -> SearchIndex: ...
    @property
    def vault(self) -> Vault: ...
    @property
    def keys_backup(self) -> KeyPlace: ...


@dataclass(frozen=True, slots=True)
class Work:
    """One batch of one organisation, and what is needed to carry it through."""

    means: Means
    organisation: OrganisationRow
    batch_id: str

    def read(self) -> Batch:
        """Raises `PurgeStopped`, so that nothing goes on once somebody has said so."""
        with self.means.transactions.read(self.organisation.id, ACTOR) as tx:
            demand_running(tx)
            return read_batch(tx, self.batch_id)

    def done(self, step: Step, said: Mapping[str, Any] | None = None) -> None:
        with self.means.transactions.write(self.organisation.id, ACTOR) as tx:
            _note(tx, self.batch_id, step, said or {})


def take_out_of_index(work: Work) -> None:
    """Up to where the index is nothing is added any more, so it has to be past the batch first."""
    batch, index, org_id = work.read(), work.means.index, work.organisation.id
    catch_up(work.means.transactions, index, org_id)
    destroyed = batch.destroyed
    if destroyed and index.position(org_id) < destroyed[-1]:
        raise IndexBusy("The search index has not come to the batch yet.", "It is tried again with the next run.")
    index.purge(org_id, destroyed)
    work.done(Step.INDEX)


def seal_anew(work: Work) -> None:
    """What stays and lies under a key that goes; some thousands in one transaction."""
    while not _seal_some_anew(work):
        pass


def replace_objects(work: Work) -> None:
    batch, means = work.read(), work.means
    replace_day(means.transactions, means.vault, means.keys_backup, work.organisation, batch)
    work.done(Step.VAULT)


def destroy_keys(work: Work) -> None:
    """All at once, and none that anything needs which stays."""
    with work.means.transactions.write(work.organisation.id, ACTOR) as tx:
        demand_running(tx)
        batch = read_batch(tx, work.batch_id)
        if Step.KEYS in batch.steps:
            return
        keys = keys_by_id(tx, batch.steps[Step.SEALING]["keys"])
        for key in keys:
            demand_unneeded(tx, key)
        _note(tx, batch.id, Step.KEYS, {"keys": [_destroyed(tx, key) for key in keys]})
    for key in keys:
        work.means.transactions.keyring.forget(key.id)


def replace_copies(work: Work) -> None:
    """Of the keys, so that the destroyed ones are in no copy any more; and of what was put for a hold that is over."""
    batch, means = work.read(), work.means
    copy_keys(means.transactions, means.keys_backup, work.organisation)
    serials = sorted({*batch.destroyed, *batch.staying})
    drop_outdated(means.transactions, means.vault, work.organisation, serials)
    work.done(Step.COPIES, {"history": means.keys_backup.keeps_history()})


def remove_rows(work: Work) -> None:
    with work.means.transactions.write(work.organisation.id, ACTOR) as tx:
        demand_running(tx)
        batch = read_batch(tx, work.batch_id)
        assert batch.begun_entry is not None
        shredding.remove(tx, batch.expires_on, batch.begun_entry)
        remove_items(tx, batch.begun_entry)
        _note(tx, batch.id, Step.ROWS, {})


def clean_log(work: Work) -> None:
    """The log, and the gaps between the rows of a page: where a row was moved from there its bytes may still lie."""
    batch, engine = work.read(), work.means.transactions.engine
    empty_log(engine)
    if search_files(database_files(engine), batch.needles).found:
        write_anew(engine)
    work.done(Step.LOG)


def check(work: Work) -> None:
    """Raises `Damaged` when anything is left."""
    found = look(work, work.read())
    demand_gone(work.batch_id, found)
    work.done(Step.CHECKED, found)


STEPS: Mapping[Step, Callable[[Work], None]] = {
    Step.INDEX: take_out_of_index,
    Step.SEALING: seal_anew,
    Step.VAULT: replace_objects,
    Step.KEYS: destroy_keys,
    Step.COPIES: replace_copies,
    Step.ROWS: remove_rows,
    Step.LOG: clean_log,
    Step.CHECKED: check,
}


def look(work: Work, batch: Batch) -> dict[str, int]:
    """What is still there of a batch; see `certificate.Checks`. Changes nothing, except that it takes what it finds in
    the index out of it.
    """
    means, org_id = work.means, work.organisation.id
    indexed = means.index.purge(org_id, batch.destroyed)
    objects = len(objects_of_day(means.vault, work.organisation, batch.expires_on.isoformat()))
    searched: Searched = search_files(database_files(means.transactions.engine), batch.needles)
    with means.transactions.read(org_id, ACTOR) as tx:
        rows = shredding.count_left(tx, batch.destroyed) + count_items(tx, batch.begun_entry or 0)
        keys = keys_left(tx, batch)
    return {
        "rows": rows,
        "indexed": indexed,
        "objects": objects,
        "keys": keys,
        "envelopes": searched.looked_for,
        "files": searched.files,
        "bytes": searched.size,
        "found": searched.found,
    }


LEFT = {
    "rows": "rows of the database",
    "indexed": "texts in the search index",
    "objects": "objects in the vault",
    "keys": "keys",
    "found": "sealed texts in the database's files",
}


def demand_gone(batch_id: str, found: Mapping[str, int]) -> None:
    left = [f"{found[name]:,} {what}" for name, what in LEFT.items() if found[name]]
    if left:
        raise Damaged(
            f"Of the batch {batch_id} there are still {', '.join(left)}.",
            "It is not certified. Look for what has put them back, and run `textarchive purge run` again.",
        )


def _seal_some_anew(work: Work) -> bool:
    """Whether it is done. What was sealed anew has to be put into the vault as it is now, so it is written down."""
    with work.means.transactions.write(work.organisation.id, ACTOR) as tx:
        demand_running(tx)
        batch = read_batch(tx, work.batch_id)
        if Step.SEALING in batch.steps:
            return True
        keys = keys_to_go(tx, batch)
        moved = clear(tx, batch, keys)
        if moved:
            note_staying(tx, batch.id, moved)
        else:
            _note(tx, batch.id, Step.SEALING, {"keys": [str(key.id) for key in keys]})
        return not moved


def _destroyed(tx: Tx, key: DataKeyRow) -> dict[str, Any]:
    return {"id": str(key.id), "purpose": key.purpose, "period": key.period, "entry": tx.destroy_key(key.id)}


def _note(tx: Tx, batch_id: str, step: Step, said: Mapping[str, Any]) -> None:
    """Once only: whoever does it a second time leaves the first word."""
    if step not in read_batch(tx, batch_id).steps:
        note_step(tx, batch_id, step, said)
        tx.record(PurgeStepDone(subject=subject_of(batch_id), step=step.value))
