"""What purge batches have begun to destroy, on its way into the vault and back: none of it ever comes back.

An entry of the ledger says how much that is, and the digest of the serials; the serials go into the vault with it,
before anything is destroyed. So an old copy of a key or of an object is no way back.
"""

from collections.abc import Collection
from typing import Any, ClassVar

from sqlalchemy import select, text

from archive.core.canonical import parse_json
from archive.core.errors import Damaged
from archive.holds.events import digest_of
from archive.ledger.rows import NO_TEXT, LedgerEntryRow
from archive.retention.batches import PurgeBatchRow
from archive.retention.purge_events import PurgeBegun
from archive.retention.serials import unpack
from archive.segments.source import Annexed
from archive.tx import Tx


class PurgeVaulting:
    tables: ClassVar[tuple[str, ...]] = ()
    kinds: ClassVar[frozenset[str]] = frozenset({PurgeBegun.kind})

    def of(self, tx: Tx, after: int, through: int) -> dict[int, list[int]]:
        wanted = select(PurgeBatchRow.begun_entry, PurgeBatchRow.destroyed)
        rows: Any = tx.session.execute(wanted.where(PurgeBatchRow.begun_entry.between(after + 1, through)))
        return {entry: unpack(destroyed) for entry, destroyed in rows}

    def gone(self, tx: Tx, annexed: Annexed) -> Collection[int]:
        """Raises `Damaged` where the vault names other texts than the ledger committed to."""
        tx.write_entries()
        wanted = select(LedgerEntryRow.seq, LedgerEntryRow.subject, LedgerEntryRow.detail)
        rows: Any = tx.session.execute(wanted.where(LedgerEntryRow.kind == PurgeBegun.kind, text(NO_TEXT)))
        found: set[int] = set()
        for seq, subject, detail in rows:
            serials = annexed.get(seq, ())
            if digest_of(serials) != parse_json(detail)["digest"]:
                raise Damaged(
                    f"The vault does not say what the purge {subject} has destroyed (entry {seq}).",
                    "It might come back. Put the segments of the ledger back from another copy of the vault.",
                )
            found.update(serials)
        return found

    def restore(self, tx: Tx, annexed: Annexed) -> None:
        """There is nothing: the table of batches is among the small ones."""
