"""Rebuilds a lost database from the vault and the copy of the keys.

The ledger comes back entry by entry and is grown into its tree again; each record is opened and compared with its
entry; the small tables are written as they were. What the last minutes before the loss brought may be gone: of entries
that a checkpoint in the vault speaks of the place in the tree is kept, so that the ledger never contradicts what was
signed, and what is missing is named.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.access.organisations import OrganisationRow, list_organisations
from archive.core.actor import Actor
from archive.core.clock import from_micros
from archive.core.errors import Conflict, Damaged
from archive.keys.keyring import HASHES, SIGNING, DataKeyRow
from archive.ledger.checkpoints import signer
from archive.ledger.entry import Event
from archive.ledger.lost import RESTORED
from archive.ledger.note import VerifierKey
from archive.ledger.rows import LedgerHeadRow
from archive.ledger.store import has_entry_of, told_about
from archive.segments import names, store
from archive.segments.key_copy import KeyCopy
from archive.segments.restore_ledger import LedgerBack, LedgerReader, Ranges
from archive.segments.restore_records import RecordsBack, restore_records
from archive.segments.source import Annex, Contents
from archive.segments.state import newest_state, restore_state
from archive.segments.vault import Vault
from archive.tx import KeyDestroyed, Transactions, Tx

ACTOR = Actor("job", "restore")
MOST_NAMED = 1_000


class VaultRestored(Event, frozen=True, kw_only=True):
    """`lost`: ranges of entries whose content is gone; `missing`: ranges of records, up to `MOST_NAMED` of them."""

    kind = RESTORED
    through: int
    size: int
    records: int
    lost: list[tuple[int, int]]
    missing: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back of one organisation. `rows`: of the small tables; None if no copy of them was whole."""

    organisation: OrganisationRow
    ledger: LedgerBack
    records: RecordsBack
    rows: int | None


def restore_organisation(
    transactions: Transactions,
    vault: Vault,
    copy: KeyCopy,
    contents: Contents,
    *,
    backups: Sequence[Vault] = (),
    beforehand: Callable[[VerifierKey], object] = lambda key: None,
    afterwards: Callable[[Tx], object] = lambda tx: None,
    despite_gaps: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Restored | None:
    """All in one transaction; None if an earlier run has brought it back already.

    `backups` have what the vault lacks. `beforehand` may look at them with the key that they are signed by;
    `afterwards`: what is to be done when everything is there again. Raises `Conflict` if it is there for another
    reason, and `Damaged` for what can't be read.
    """
    organisation = _organisation(transactions, copy)
    with transactions.write(organisation.id, ACTOR) as tx:
        if tx.ledger_size:
            if has_entry_of(tx.session, RESTORED):
                return None
            raise Conflict(f"{organisation.name} is in the database already.", "Restore into an empty database only.")
        _restore_keys(tx, copy)
        public = signer(tx, organisation.origin).public
        beforehand(public)
        name, sources = organisation.public_id, contents.sources
        reader = LedgerReader(tx, vault, name, sources, public, backups)
        ledger = reader.read(despite_gaps=despite_gaps)
        _destroy_keys(tx, copy)
        gone = _gone(tx, contents, ledger)
        records = restore_records(tx, vault, name, sources, ledger.days, gone, progress, backups)
        parts = newest_state((vault, *backups), name, ledger.through)
        rows = restore_state(tx, parts, contents.tables) if parts else None
        tx.take_serials(ledger.size)
        _settle(tx, contents, ledger)
        afterwards(tx)
        _remember(tx, vault, organisation, ledger, records)
        missing = names.ranges(records.missing)[:MOST_NAMED]
        tx.record(
            VaultRestored(
                through=ledger.through,
                size=ledger.size,
                records=len(records.restored),
                lost=ledger.lost,
                missing=missing,
            )
        )
    return Restored(organisation, ledger, records, rows)


def _organisation(transactions: Transactions, copy: KeyCopy) -> OrganisationRow:
    """Its row, with the number that its envelopes and keys are tied to; and an empty ledger."""
    owner = copy.owner
    with transactions.across() as session:
        for row in list_organisations(session):
            if row.public_id == owner.public_id:
                return row
            if row.id == owner.id:
                raise Conflict(f"{row.name} is in the database already.", "Restore into an empty database only.")
        made = OrganisationRow(
            id=owner.id,
            public_id=owner.public_id,
            name=owner.name,
            origin=owner.origin,
            created_at=from_micros(owner.created_at),
        )
        session.add(made)
        session.flush()
        session.add(LedgerHeadRow(org_id=owner.id, size=0))
    return made


def _restore_keys(tx: Tx, copy: KeyCopy) -> None:
    for key in copy.keys:
        tx.session.add(
            DataKeyRow(
                org_id=tx.org_id,
                id=key.id,
                purpose=key.purpose,
                period=key.period,
                wrapped=key.wrapped,
                made_at=from_micros(key.made_at),
                destroyed_at=None if key.destroyed_at is None else from_micros(key.destroyed_at),
            )
        )
    tx.session.flush()
    # Asked for now, since a key that is missing would be made later on, and nothing would fit it.
    for purpose in (HASHES, SIGNING):
        if tx.keyring.find(tx.session, tx.org_id, purpose) is None:
            raise Damaged(f"The copy of the keys has no {purpose.name} key.", "Bring the newest copy of the keys.")


def _destroy_keys(tx: Tx, copy: KeyCopy) -> None:
    """Those that the ledger says are destroyed: the copy of the keys may be older than that."""
    living = {f"key:{key.id}": key.id for key in copy.keys if key.wrapped is not None}
    for subject, at in told_about(tx.session, KeyDestroyed.kind):
        if subject in living:
            tx.keyring.destroy(tx.session, tx.org_id, living.pop(subject), at)


def _gone(tx: Tx, contents: Contents, ledger: LedgerBack) -> set[int]:
    """What was being destroyed, or is: no copy of it comes back, whatever key it may lie under."""
    return {serial for annex in contents.annexes for serial in annex.gone(tx, _annexed(annex, ledger))}


def _settle(tx: Tx, contents: Contents, ledger: LedgerBack) -> None:
    """What the ledger says happened to records since they were stored."""
    for source in contents.sources.values():
        source.settle(tx)
    for annex in contents.annexes:
        annex.restore(tx, _annexed(annex, ledger))


def _annexed(annex: Annex, ledger: LedgerBack) -> dict[int, list[int]]:
    kept = [item for kind in annex.kinds for item in ledger.annexes.get(kind, {}).items()]
    return {entry: _numbers(ranges) for entry, ranges in kept}


def _numbers(ranges: Ranges) -> list[int]:
    return [number for first, last in ranges for number in range(first, last + 1)]


def _remember(tx: Tx, vault: Vault, organisation: OrganisationRow, ledger: LedgerBack, records: RecordsBack) -> None:
    """How far the vault is, so that the follower goes on behind what has just been read."""
    stored = {version.name: version for version in vault.versions(f"{organisation.public_id}/")}
    kept = [
        *((name, "", count, 0, names.kept_by_audit_policy(from_micros(at))) for name, count, at in ledger.segments),
        *((name, day, count, texts, names.end_of_day(day)) for name, day, count, texts in records.parts),
    ]
    rows = [
        store.VaultSegmentRow(
            org_id=tx.org_id,
            name=name,
            day=day,
            records=count,
            texts=texts,
            size=stored[name].size,
            keep_until=keep_until,
            locked_until=min(keep_until, stored[name].stored_at + vault.longest),
        )
        for name, day, count, texts, keep_until in kept
    ]
    tx.session.add_all(rows)
    newest = ledger.segments[-1][0] if ledger.segments else None
    store.note(tx.session, tx.org_id, through=ledger.in_vault, segment=newest, leaves=ledger.size)
