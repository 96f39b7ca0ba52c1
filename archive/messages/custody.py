"""Where a text stands: what signs for it, and who has had it in hand."""

from dataclasses import dataclass

from archive.ledger import store
from archive.ledger.rows import CheckpointRow
from archive.ledger.trail import TrailEntry, entries_about
from archive.messages.model import Message
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Standing:
    """`checkpoint`: the first one that covers the text, None while it waits for one. `custody`: newest first."""

    checkpoint: CheckpointRow | None
    custody: list[TrailEntry]


def standing_of(tx: Tx, message: Message) -> Standing:
    return Standing(
        checkpoint=store.checkpoint_covering(tx.session, message.serial),
        custody=entries_about(tx, f"message:{message.serial}"),
    )
