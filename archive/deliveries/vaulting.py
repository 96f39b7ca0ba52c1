"""Texts on their way back out of the vault, with what was said of them: the ledger says all of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar

from archive.core.clock import to_micros
from archive.deliveries import store
from archive.deliveries.events import DeliveriesJoined, DeliveryNoted
from archive.deliveries.model import hash_of
from archive.deliveries.reckoning import reckon
from archive.ledger.trail import TrailEntry, entries_of_kind
from archive.messages.vaulting import MessageVaulting
from archive.tx import Tx

AT_ONCE = 1_000


class TextVaulting(MessageVaulting):
    """Reports need no copy: their rows are written anew when texts and ledger are back."""

    tables: ClassVar[tuple[str, ...]] = (*MessageVaulting.tables, "delivery", "delivery_outcome")

    def settle(self, tx: Tx) -> None:
        joined = {entry: _serial(one) for one in _all(tx, DeliveriesJoined.kind) for entry in one.detail["entries"]}
        noted: list[TrailEntry] = []
        for one in _all(tx, DeliveryNoted.kind):
            noted.append(one)
            if len(noted) == AT_ONCE:
                _write(tx, noted, joined)
                noted.clear()
        _write(tx, noted, joined)
        after = 0
        while some := store.told_of(tx, after, AT_ONCE):
            reckon(tx, some)
            after = some[-1]


def _all(tx: Tx, kind: str) -> Iterator[TrailEntry]:
    after = 0
    while some := entries_of_kind(tx, kind, after, AT_ONCE):
        yield from some
        after = some[-1].seq


def _write(tx: Tx, noted: Sequence[TrailEntry], joined: dict[int, int | None]) -> None:
    """Those whose text is still here, or is still waited for."""
    serials = {one.seq: _serial(one) or joined.get(one.seq) for one in noted}
    names = store.names_of(tx, [serial for serial in serials.values() if serial is not None])
    rows = [_row(one, serials[one.seq], _named(one, serials[one.seq], names)) for one in noted]
    store.insert_reports(tx, [row for row in rows if row is not None and (row[3] is not None or _waits(tx, row))])


def _named(one: TrailEntry, serial: int | None, names: dict[int, store.Name]) -> store.Name | None:
    """Provider, account and id of the text; None if that is destroyed."""
    if serial is not None:
        return names.get(serial)
    told = one.private
    return (told["provider"], told["account"], told["provider_id"]) if one.state == "shown" else None


def _row(one: TrailEntry, serial: int | None, name: store.Name | None) -> tuple[Any, ...] | None:
    if name is None:
        return None
    told = one.detail
    return (
        *(hash_of(told["digest"]), one.seq, hash_of(told["identity"]), serial, told["to"], told["status"]),
        *name,
        *(to_micros(one.at), to_micros(datetime.fromisoformat(told["until"]))),
    )


def _waits(tx: Tx, row: tuple[Any, ...]) -> bool:
    expires_at: int = row[-1]
    return expires_at > to_micros(tx.now)


def _serial(one: TrailEntry) -> int | None:
    return int(one.subject.removeprefix("message:")) if one.subject else None
