"""What `verify` needs to know of the message table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

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

    def clear(self, row: Sequence[Any], actor: str, at: datetime) -> bytes:
        # Account, then the actor, then campaign to sent_at, seq and the moment: the order of `ClearRecord`.
        fields: tuple[Any, ...] = (row[3], actor, *row[4:], row[0], at)
        return encode(ClearRecord(*fields))
