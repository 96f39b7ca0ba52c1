"""What `verify` needs to know of the message table."""

from collections.abc import Sequence
from typing import Any

from archive.core.clock import from_micros
from archive.ledger.entry import encode
from archive.messages.model import ClearRecord
from archive.messages.store import MessageRow
from archive.tx import Tx

_COLUMNS = (
    *("seq", "key_id", "sealed", "account", "campaign", "conversation", "direction", "expires_at"),
    *("flags", "own_number", "policy", "provider", "provider_id", "received_at", "sent_at"),
)


class MessageKeeper:
    """Rows of `message` and their clear half, as the ledger committed to it."""

    def rows(self, tx: Tx, after: int, through: int) -> Sequence[Sequence[Any]]:
        table: Any = MessageRow.__table__
        return tx.scan(table, _COLUMNS, after, through)

    def clear(self, row: Sequence[Any], actor: str, at: int) -> bytes:
        (seq, _key, _sealed, account, campaign, conversation, direction, expires_at, *rest) = row
        flags, own_number, policy, provider, provider_id, received_at, sent_at = rest
        return encode(
            ClearRecord(
                account=account,
                actor=actor,
                campaign=campaign,
                conversation=conversation,
                direction=direction,
                expires_at=from_micros(expires_at),
                flags=flags,
                own_number=own_number,
                policy=policy,
                provider=provider,
                provider_id=provider_id,
                received_at=from_micros(received_at),
                sent_at=None if sent_at is None else from_micros(sent_at),
                seq=seq,
                stored_at=from_micros(at),
            )
        )
