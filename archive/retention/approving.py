"""Letting a batch go that breakers have stopped. A person does that, and is told before how many texts it takes."""

from archive.core.errors import Conflict, NotPermitted
from archive.retention.batch import Batch, State
from archive.retention.batches import note_approval, read_batch
from archive.retention.planning import newest_policy
from archive.retention.policies import sound_policies
from archive.retention.purge_events import PurgeApproved, subject_of
from archive.tx import Tx


def approve_batch(tx: Tx, batch_id: str, count: int) -> Batch:
    """`count`: how many texts and quarantined items they were told it takes.

    Raises `NotFound`, `NotPermitted`, and `Conflict` when there is nothing to allow or it is another number.
    """
    batch = read_batch(tx, batch_id)
    if tx.actor.kind not in ("person", "operator"):
        raise NotPermitted(
            "A program can't let a stopped batch go.", "Allow it on the page on retention, or at the command line."
        )
    if batch.state is not State.PLANNED:
        raise Conflict(f"The batch {batch_id} has begun already.", "There is nothing to allow.")
    stopped_by = batch.unapproved(tx.now)
    if not stopped_by:
        raise Conflict(f"Nothing stops the batch {batch_id}.", "It goes by itself when its day is over.")
    if batch.size != count:
        raise Conflict(
            f"The batch {batch_id} takes {batch.size:,} texts and items, not {count:,}.", "Look at it again."
        )
    breakers = {trip.breaker for trip in batch.trips}
    note_approval(tx, batch_id, breakers, newest_policy(sound_policies(tx)))
    tx.record(
        PurgeApproved(
            subject=subject_of(batch_id),
            texts=batch.texts,
            items=batch.items,
            trips=tuple(sorted(breaker.value for breaker in breakers)),
        )
    )
    return read_batch(tx, batch_id)
