"""Letting a batch go that breakers have stopped. A person does that, and is told before how many texts it takes."""

from archive.core.errors import Conflict, NotPermitted
from archive.retention.batch import Batch, Standing, State
from archive.retention.batches import note_approval, open_batches, read_batch
from archive.retention.planning import newest_policy
from archive.retention.policies import sound_policies
from archive.retention.purge_events import PurgeApproved, subject_of
from archive.retention.switch import resume_purging
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


def waiting_batches(tx: Tx) -> list[Batch]:
    """Those that a person has to look at, in the order of their days."""
    return [batch for batch in open_batches(tx) if batch.standing(tx.now) is Standing.WAITING]


def goes_at_once(tx: Tx) -> int:
    """How many texts and items would be destroyed with the next run if nobody had stopped the purging."""
    return sum(batch.size for batch in open_batches(tx) if _is_next(batch, tx))


def resume_counted(tx: Tx, count: int) -> None:
    """Let purging go on. `count`: how many texts and items they were told go at once. Raises `Conflict`."""
    takes = goes_at_once(tx)
    if takes != count:
        raise Conflict(f"{takes:,} texts and items go at once, not {count:,}.", "Look at it again.")
    resume_purging(tx)


def _is_next(batch: Batch, tx: Tx) -> bool:
    """It has begun, or its day is over and no breaker stops it."""
    return batch.state is State.SHREDDING or (batch.is_ripe(tx.now) and not batch.unapproved(tx.now))
