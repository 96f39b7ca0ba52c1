"""After a restore: whatever was on its way to being destroyed gets its whole week once more.

The last minutes before the loss may be gone, and with them a hold that somebody was told is in force. So nothing goes
by a plan from before; people have a week to look at what is there. What had begun goes on, from its first step: each is
safe to repeat, and nobody can know how far it had come.
"""

from typing import Any

from sqlalchemy import update

from archive.core.clock import day_of
from archive.holds.store import not_held
from archive.ledger.entry import Event
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.retention.batch import State
from archive.retention.batches import begin_again, open_batches, withdraw_batch
from archive.retention.period import first_plannable
from archive.retention.purge_events import PurgeWithdrawn, subject_of
from archive.tx import Tx


class PurgesStartedOver(Event, frozen=True, kw_only=True):
    """After a restore: `withdrawn` plans are made anew, `again` batches that had begun repeat their steps.

    `freed` texts that a hold had kept beyond their time are under none: the batch of `not_before` looks at them.
    """

    kind = "purge.started-over"
    withdrawn: int
    again: int
    freed: int
    not_before: str


def start_over(tx: Tx) -> None:
    withdrawn = again = 0
    for batch in open_batches(tx):
        if batch.state is State.PLANNED:
            tx.record(PurgeWithdrawn(subject=subject_of(batch.id), day=batch.expires_on.isoformat()))
            withdraw_batch(tx, batch.id)
            withdrawn += 1
        else:
            begin_again(tx, batch.id)
            again += 1
    not_before = first_plannable(day_of(tx.now))
    nobodys = (MessageRow.due_on.is_(None), NOT_SHREDDING, not_held())
    move = update(MessageRow).where(*nobodys).values(due_on=not_before)
    freed: Any = tx.session.execute(move, execution_options={"synchronize_session": False})
    if withdrawn or again or freed.rowcount:
        tx.record(
            PurgesStartedOver(withdrawn=withdrawn, again=again, freed=freed.rowcount, not_before=not_before.isoformat())
        )
