"""Opening a text to read it, with the conversation around it: written into the ledger before it is shown."""

from dataclasses import dataclass

from archive.core.actor import Actor
from archive.group_commit import GroupCommit
from archive.ledger.entry import Event
from archive.messages.actions import conversation_around, read_message
from archive.messages.model import Message
from archive.tx import Transactions


class MessageViewed(Event, frozen=True, kw_only=True):
    """`beside`: the serials of the texts that were shown around it."""

    kind = "message.viewed"
    beside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Viewed:
    """`conversation` is in the order of time, and `message` is one of it. `damaged`: serials that belong to it, too."""

    message: Message
    conversation: list[Message]
    damaged: tuple[int, ...] = ()


def view_message(
    transactions: Transactions, group: GroupCommit, org_id: int, actor: Actor, serial: int, each_side: int = 25
) -> Viewed:
    """Raises `NotFound`."""
    with transactions.read(org_id, actor) as tx:
        message = read_message(tx, serial)
        conversation = conversation_around(tx, message, each_side)
    beside = tuple(other.serial for other in conversation.messages if other.serial != serial)
    group.record(org_id, actor, MessageViewed(subject=f"message:{serial}", beside=beside))
    return Viewed(message, conversation.messages, conversation.damaged)
