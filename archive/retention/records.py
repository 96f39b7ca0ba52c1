"""A text as the one decision sees it, from the columns that the ledger commits to."""

from typing import Any

from archive.messages.model import ClearRecord
from archive.messages.record import CLEAR_FIELDS
from archive.messages.store import MessageRow
from archive.retention.decide import Dated

DATED_COLUMNS = (
    *(MessageRow.seq, MessageRow.own_number, MessageRow.campaign, MessageRow.policy),
    *(MessageRow.received_at, MessageRow.sent_at, MessageRow.expires_at),
)
"""The fields of `Dated`, in their order."""


def dated_columns(row: Any) -> Dated:
    """Of a row that begins with `DATED_COLUMNS`."""
    return Dated(*row[: len(DATED_COLUMNS)])


def dated_record(row: Any) -> Dated:
    """Of a row of `messages.store.records_…`."""
    clear = ClearRecord(*row[:CLEAR_FIELDS])
    return Dated(
        serial=clear.seq,
        own_number=clear.own_number,
        campaign=clear.campaign,
        policy=clear.policy,
        received_at=clear.received_at,
        sent_at=clear.sent_at,
        expires_at=clear.expires_at,
    )
