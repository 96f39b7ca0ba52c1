"""Looking again at a batch that is certified: is it still all gone, and is its certificate what the ledger says?"""

from dataclasses import dataclass

from archive.access.organisations import OrganisationRow, this_organisation
from archive.core.actor import Actor
from archive.core.errors import Conflict, Damaged, NotFound
from archive.ledger.checkpoints import signer
from archive.ledger.entry import Event
from archive.ledger.signed_file import SignedFileError
from archive.retention.batch import Batch, State
from archive.retention.batches import read_batch
from archive.retention.certificate import Certificate, check, digest
from archive.retention.gone import gone
from archive.retention.purge_events import subject_of
from archive.retention.steps import LEFT, Means, Work, look
from archive.tx import Tx


class PurgeReviewed(Event, frozen=True, kw_only=True):
    """Somebody had a batch looked at again. `left`: how much of it there was."""

    kind = "purge.reviewed"
    left: int
    faults: int


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate as it is handed out. `digest`: SHA-256 of what is signed, as the ledger has it."""

    text: str
    made: Certificate
    digest: str


def read_certificate(tx: Tx, batch: Batch) -> Certified:
    """Checked with our own key. Raises `NotFound` while there is none, and `Damaged`."""
    if batch.certificate is None:
        raise NotFound(f"The batch {batch.id} has no certificate yet.", "It has one when all of it is gone.")
    try:
        made = check(batch.certificate, signer(tx, this_organisation(tx).origin).public)
    except SignedFileError as problem:
        raise Damaged(
            f"The certificate of the batch {batch.id} is not good: {problem}.",
            "Run `textarchive verify`, and restore the table from a backup.",
        ) from None
    return Certified(batch.certificate, made, digest(made))


@dataclass(frozen=True, slots=True)
class Review:
    """`found` is what `certificate.Checks` says; `faults`, a sentence each, of the table of batches and the ledger."""

    batch: Batch
    found: dict[str, int]
    faults: tuple[str, ...]

    @property
    def left(self) -> int:
        return sum(self.found[name] for name in LEFT)

    @property
    def good(self) -> bool:
        return not self.left and not self.faults


def review(means: Means, organisation: OrganisationRow, actor: Actor, batch_id: str) -> Review:
    """Raises `NotFound`, and `Conflict` for a batch that is not certified."""
    with means.transactions.read(organisation.id, actor) as tx:
        batch = read_batch(tx, batch_id)
        if batch.state is not State.CERTIFIED:
            raise Conflict(
                f"The batch {batch_id} is not certified yet.", "`textarchive purge show` says how far it is."
            )
        faults = tuple(_faults(tx, organisation, batch))
    found = Review(batch, look(Work(means, organisation, batch_id), batch), faults)
    with means.transactions.write(organisation.id, actor) as tx:
        tx.record(PurgeReviewed(subject=subject_of(batch_id), left=found.left, faults=len(faults)))
    return found


def _faults(tx: Tx, organisation: OrganisationRow, batch: Batch) -> list[str]:
    """Those that are about this batch."""
    return [what for _, what in gone(tx, signer(tx, organisation.origin).public).faults if batch.id in what]
