"""Quarantined items on their way into the vault and back."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec

from archive.core.clock import to_micros
from archive.intake.actions import QuarantineRetried
from archive.intake.quarantine import ClearItem, QuarantineKeeper, QuarantineRow, insert_items
from archive.ledger.sealed import SealedRecord
from archive.ledger.trail import Wanted, read_trail
from archive.tx import Tx


class QuarantineVaulting(QuarantineKeeper):
    """Nothing outlives an item: its bytes are no text, and are simply kept again if they come again."""

    tables: ClassVar[tuple[str, ...]] = ("quarantine_item",)

    def lasting(self, tx: Tx, record: SealedRecord, content: bytes) -> tuple[int, ...]:
        return ()

    def left_of(self, tx: Tx, serials: Sequence[int]) -> dict[int, tuple[int, ...]]:
        return {}

    def restore(self, tx: Tx, records: Sequence[tuple[SealedRecord, bytes]]) -> None:
        items = [(msgspec.json.decode(record.clear, type=ClearItem), record) for record, _ in records]
        insert_items(
            tx,
            [
                (
                    *(item.seq, to_micros(item.received_at), item.source, item.reason, item.size, item.digest),
                    *(to_micros(item.expires_at), record.key_id, record.sealed),
                )
                for item, record in items
            ],
        )

    def restore_lasting(self, tx: Tx, lasting: Mapping[int, tuple[int, ...]]) -> None:
        """There is nothing."""

    def settle(self, tx: Tx) -> None:
        """Retries are entries of the ledger: how many there were, and what came of the last."""
        for entry in reversed(read_trail(tx, Wanted(kind=QuarantineRetried.kind), tx.ledger_size, details=False)):
            row = tx.session.get(QuarantineRow, (tx.org_id, int((entry.subject or "").partition(":")[2])))
            if row is None:
                continue
            row.attempts += 1
            if entry.detail["outcome"] != "quarantined":
                row.resolved_at, row.resolved_as = entry.at, entry.detail.get("serial")
