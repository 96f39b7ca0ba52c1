"""What search asks the database."""

from sqlalchemy import func, select

from archive.ledger.rows import LedgerEntryRow
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.tx import Tx


def texts_after(tx: Tx, position: int) -> int:
    """How many texts the index has still to come to. Counting only those keeps every search independent of the rest."""
    wanted = select(func.count()).select_from(MessageRow).where(MessageRow.seq > position, NOT_SHREDDING)
    return tx.session.scalar(wanted) or 0


def stored_serials(tx: Tx, through: int) -> list[int]:
    """The serial of every text up to a sequence number."""
    wanted = select(MessageRow.seq).where(MessageRow.seq <= through, NOT_SHREDDING)
    return list(tx.session.scalars(wanted))


def commitment_at(tx: Tx, seq: int) -> str:
    """What the ledger says of an entry, by which it is known again; empty where there is none."""
    found = tx.session.scalar(select(LedgerEntryRow.commitment).where(LedgerEntryRow.seq == seq))
    return found.hex() if found else ""
