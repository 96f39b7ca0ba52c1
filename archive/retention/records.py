"""A text as the one decision sees it."""

from typing import Any

from archive.messages.model import ClearRecord
from archive.messages.record import CLEAR_FIELDS
from archive.retention.decide import Dated


def dated_record(row: Any) -> Dated:
    """Of a row of `messages.store.records_…`."""
    return dated_clear(ClearRecord(*row[:CLEAR_FIELDS]))


def dated_clear(clear: ClearRecord) -> Dated:
    return Dated(
        serial=clear.seq,
        own_number=clear.own_number,
        campaign=clear.campaign,
        policy=clear.policy,
        received_at=clear.received_at,
        sent_at=clear.sent_at,
        expires_at=clear.expires_at,
    )
