"""Where a text stands: what signs for it, how long it stays and why, and who has had it in hand."""

from dataclasses import dataclass
from typing import Literal

from archive.ledger import store
from archive.ledger.rows import CheckpointRow
from archive.ledger.trail import TrailEntry, entries_about
from archive.messages.model import Message
from archive.messages.policy import MINIMUM_RESIDENCY, Policy, expiry, policy_of
from archive.tx import Tx

Anchor = Literal["received", "sent", "residency"]


@dataclass(frozen=True, slots=True)
class Standing:
    """`checkpoint`: the first one that covers the text, None while it waits for one. `custody`: newest first.

    `anchor`: what its time counts from; "residency" is the least that an import stays, however old it is.
    """

    checkpoint: CheckpointRow | None
    policy: Policy
    anchor: Anchor
    custody: list[TrailEntry]


def standing_of(tx: Tx, message: Message) -> Standing:
    policy = policy_of(tx, message.clear.policy)
    return Standing(
        checkpoint=store.checkpoint_covering(tx.session, message.serial),
        policy=policy,
        anchor=_anchor(message, policy),
        custody=entries_about(tx, f"message:{message.serial}"),
    )


def _anchor(message: Message, policy: Policy) -> Anchor:
    clear = message.clear
    if clear.expires_at == expiry(clear.received_at, clear.received_at, policy.days):
        return "received"
    return "residency" if clear.expires_at == clear.received_at + MINIMUM_RESIDENCY else "sent"
