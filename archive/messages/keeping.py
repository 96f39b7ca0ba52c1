"""What `verify` needs to know of the message table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from archive.ledger.entry import encode
from archive.messages.model import ClearRecord
from archive.messages.store import MessageRow
from archive.tx import Tx

_COLUMNS = (
    *(MessageRow.seq, MessageRow.key_id, MessageRow.sealed, MessageRow.account, MessageRow.campaign),
    *(
        MessageRow.conversation,
        MessageRow.direction,
        MessageRow.expires_at,
        MessageRow.flags,
        MessageRow.own_number,
    ),
    *(
        MessageRow.policy,
        MessageRow.provider,
        MessageRow.provider_id,
        MessageRow.received_at,
        MessageRow.sent_at,
    ),
)


class MessageKeeper:
    """Rows of `message` and their clear half, as the ledger committed to it."""

    def rows(self, tx: Tx, after: int, through: int) -> Sequence[Sequence[Any]]:
        wanted = select(*_COLUMNS).where(MessageRow.seq > after, MessageRow.seq <= through)
        rows: Sequence[Sequence[Any]] = tx.session.execute(wanted).all()
        return rows

    def clear(self, row: Sequence[Any], actor: str, at: datetime) -> bytes:
        (
            seq,
            _key,
            _sealed,
            account,
            campaign,
            conversation,
            direction,
            expires_at,
            flags,
            own,
            policy,
            *rest,
        ) = row
        provider, provider_id, received_at, sent_at = rest
        return encode(
            ClearRecord(
                *(account, actor, campaign, conversation, direction, expires_at, flags, own, policy),
                *(provider, provider_id, received_at, sent_at, seq, at),
            )
        )
