"""Integrity for all surfaces: verifying an organisation, proving a message, keeping checkpoints out of reach."""

from collections.abc import Callable, Sequence

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import NotFound
from archive.holds.checking import hold_faults
from archive.intake.quarantine import KEPT, QuarantineKeeper
from archive.keys.envelope import SALT_BYTES
from archive.ledger import store
from archive.ledger.checkpoints import bring_up, signer
from archive.ledger.entry import Event, clear_of_event, document, encode, leaf_data, place
from archive.ledger.note import Checkpoint, NoteError, VerifierKey, open_checkpoint
from archive.ledger.proofs import make_proof
from archive.ledger.report import Purged, Report
from archive.ledger.rows import CheckpointRow
from archive.ledger.verify import Keeper, verify_ledger
from archive.letters.checking import letter_faults
from archive.messages.actions import STORED
from archive.messages.keeping import MessageKeeper
from archive.messages.model import ClearRecord
from archive.messages.record import CLEAR_FIELDS
from archive.messages.store import records_by_serial
from archive.retention.finding import retention_faults
from archive.retention.gone import gone
from archive.segments import names
from archive.segments.leaves import keep_leaves
from archive.segments.vault import Vault
from archive.tx import Transactions, Tx

KEEPERS: dict[str, Keeper] = {STORED: MessageKeeper(), KEPT: QuarantineKeeper()}
VERIFIER = Actor("job", "verify")


class ProofMade(Event, frozen=True, kw_only=True):
    kind = "proof.made"
    size: int


def verify_organisation(
    transactions: Transactions,
    vault: Vault,
    organisation: OrganisationRow,
    key: VerifierKey | None = None,
    remembered: Sequence[Checkpoint] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Everything of one organisation, in one consistent view; the vault's newest checkpoint is remembered too."""
    # Read before the view is opened: a copy that is made meanwhile would look like a truncated ledger.
    newest = _newest_copy(transactions, vault, organisation)
    with transactions.read(organisation.id, VERIFIER) as tx:
        public = key or signer(tx, organisation.origin).public
        kept = [*remembered, *_opened_copy(newest, public)]
        missing = gone(tx, public)
        report = verify_ledger(tx, public, KEEPERS, kept, progress, Purged(missing.certified, missing.going))
        for serial, what in (*missing.faults, *retention_faults(tx), *hold_faults(tx), *letter_faults(tx)):
            report.fault(serial, what)
        return report


def _newest_copy(transactions: Transactions, vault: Vault, organisation: OrganisationRow) -> bytes | None:
    """The vault holds one for each 20 seconds: those that are older than the database's own aren't even listed."""
    with transactions.read(organisation.id, VERIFIER) as tx:
        stored = store.newest_checkpoint(tx.session)
    folder = checkpoint_folder(organisation)
    copies = vault.names(folder, after=f"{folder}{stored.size - 1 if stored else 0:020d}") or vault.names(folder)
    return vault.get(copies[-1]) if copies else None


def _opened_copy(note: bytes | None, public: VerifierKey) -> list[Checkpoint]:
    """A copy that can't be read proves nothing either way, so only a good one counts."""
    try:
        return [open_checkpoint(note, public)] if note else []
    except NoteError:
        return []


def checkpoint_folder(organisation: OrganisationRow) -> str:
    return names.checkpoint_folder(organisation.public_id)


def sign_and_keep(transactions: Transactions, vault: Vault, organisation: OrganisationRow) -> bool:
    """A checkpoint over what is there now, and its copy in the vault; whether it was a new one.

    The hashes that it speaks of go first, so that a restored ledger can continue every checkpoint that is kept.
    """
    checkpoint = bring_up(transactions, organisation.id, organisation.origin)
    keep_leaves(transactions, vault, organisation, checkpoint.size)
    name, until = _copy_of(organisation, checkpoint.size), names.kept_by_audit_policy(checkpoint.signed_at)
    return vault.put_new(name, checkpoint.note.encode(), until)


def _copy_of(organisation: OrganisationRow, size: int) -> str:
    return f"{checkpoint_folder(organisation)}{size:020d}"


def newest_copy(tx: Tx, vault: Vault, organisation: OrganisationRow) -> int | None:
    """The size of the newest checkpoint, of which the vault has the copy; None before the first. Raises `NotFound`."""
    newest = store.newest_checkpoint(tx.session)
    if newest is None:
        return None
    vault.get(_copy_of(organisation, newest.size))
    return newest.size


def prove_message(transactions: Transactions, organisation: OrganisationRow, actor: Actor, serial: int) -> str:
    """The proof of a message under a checkpoint that is signed for it if need be. Recorded like every reading."""
    bring_up(transactions, organisation.id, organisation.origin)
    with transactions.write(organisation.id, actor) as tx:
        checkpoint = store.newest_checkpoint(tx.session)
        if checkpoint is None or checkpoint.size < serial:
            raise NotFound(f"There is no message {serial}.", "Search for it.")
        proof = _prove(tx, organisation, serial, checkpoint.note, checkpoint.size)
        tx.record(ProofMade(subject=f"message:{serial}", size=checkpoint.size))
        return proof


def prove_entry(tx: Tx, organisation: OrganisationRow, seq: int, checkpoint: CheckpointRow) -> str:
    """The proof of the text `seq`, or of what happened. The caller records it. Raises `NotFound` if the key is gone."""
    entry = store.entry_at(tx.session, seq)
    if entry is None or entry.seq > checkpoint.size:
        raise NotFound(f"There is no entry {seq}.", "The audit trail shows those that there are.")
    if entry.kind == STORED:
        return _prove(tx, organisation, seq, checkpoint.note, checkpoint.size)
    key = tx.keyring.by_id(tx.session, tx.org_id, entry.key_id) if entry.key_id is not None else None
    if key is None or entry.sealed is None or entry.detail is None:
        raise NotFound(f"What is sealed in entry {seq} is gone.", "Its hash in the tree is all that is left.")
    opened = key.open(entry.sealed, place(tx.org_id, seq))
    return make_proof(
        document=document(clear_of_event(entry.actor, entry.subject, entry.detail.encode()), opened[SALT_BYTES:]),
        salt=opened[:SALT_BYTES],
        leaf=leaf_data(seq, entry.kind, entry.at, entry.commitment),
        seq=seq,
        checkpoint=checkpoint.note,
        size=checkpoint.size,
        tiles=store.StoredTiles(tx.session),
        public=signer(tx, organisation.origin).public,
    )


def _prove(tx: Tx, organisation: OrganisationRow, serial: int, note: str, size: int) -> str:
    found = records_by_serial(tx, [serial])
    if not found:
        raise NotFound(f"There is no message {serial}.", "Search for it; a purged one is named in its certificate.")
    clear = ClearRecord(*found[0][:CLEAR_FIELDS])
    commit, key_id, sealed = found[0][CLEAR_FIELDS:]
    key = tx.keyring.by_id(tx.session, tx.org_id, key_id)
    if key is None:
        raise NotFound(f"Message {serial} was destroyed.", "Its purge certificate says when.")
    opened = key.open(sealed, place(tx.org_id, serial))
    return make_proof(
        document=document(encode(clear), opened[SALT_BYTES:]),
        salt=opened[:SALT_BYTES],
        leaf=leaf_data(serial, STORED, clear.stored_at, commit),
        seq=serial,
        checkpoint=note,
        size=size,
        tiles=store.StoredTiles(tx.session),
        public=signer(tx, organisation.origin).public,
    )
