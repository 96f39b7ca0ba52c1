"""What search asks the database."""

from typing import Any

from sqlalchemy import func, select

from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.tx import Tx


def texts_after(tx: Tx, position: int) -> int:
    """How many texts the index has still to come to. Counting only those keeps every search independent of the rest."""
    wanted = select(func.count()).select_from(MessageRow).where(MessageRow.seq > position, NOT_SHREDDING)
    return tx.session.scalar(wanted) or 0


def stored_serials(tx: Tx, through: int) -> list[int]:
    """The serial of every text up to a sequence number."""
    table: Any = MessageRow.__table__
    return [seq for (seq,) in tx.scan(table, ["seq"], 0, through)]
