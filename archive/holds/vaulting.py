"""Which texts are under which hold, on the way into the vault and back: each entry takes along what it put there."""

from collections.abc import Collection, Sequence
from typing import ClassVar

from sqlalchemy import select

from archive.holds import store
from archive.holds.checking import PUTS_UNDER, said_to_be_under
from archive.holds.events import HoldRestored, digest_of
from archive.holds.store import HoldMessageRow
from archive.segments.source import Annexed
from archive.tx import Tx


class HoldVaulting:
    tables: ClassVar[tuple[str, ...]] = ("hold_message",)
    kinds: ClassVar[frozenset[str]] = frozenset(PUTS_UNDER)

    def of(self, tx: Tx, after: int, through: int) -> dict[int, list[int]]:
        wanted = select(HoldMessageRow.entry, HoldMessageRow.seq).order_by(HoldMessageRow.seq)
        found: dict[int, list[int]] = {}
        for entry, seq in tx.session.execute(wanted.where(HoldMessageRow.entry.between(after + 1, through))):
            found.setdefault(entry, []).append(seq)
        return found

    def gone(self, tx: Tx, annexed: Annexed) -> Collection[int]:
        return ()

    def restore(self, tx: Tx, annexed: Annexed) -> None:
        """Of the holds that are in force. Texts that are lost can't be held; which those are is written down."""
        active = {hold.id for hold in store.active_holds(tx)}
        for said in said_to_be_under(tx):
            if said.hold_id in active:
                _restore(tx, said.hold_id, said.entry, said.digest, annexed.get(said.entry, ()))


def _restore(tx: Tx, hold_id: str, entry: int, digest: str, serials: Sequence[int]) -> None:
    here = store.living(tx, serials)
    store.put_under(tx, hold_id, here, entry)
    if digest_of(here) != digest:
        tx.record(HoldRestored(subject=hold_id, entry=entry, count=len(here), digest=digest_of(here)))
