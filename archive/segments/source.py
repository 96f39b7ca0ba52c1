"""What the vault needs to know of a table whose rows are sealed records. Its slice provides it, `safekeeping` lists it.

Writing needs no more than verifying does: rows, and the half of each that was committed to.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from sqlalchemy import Table

from archive.ledger.sealed import SealedRecord
from archive.tx import Tx

Lasting = Mapping[int, tuple[int, ...]]
"""Serial → the numbers that outlive a record, as hashes by which a text that is sent again is known."""


class Source(Protocol):
    tables: ClassVar[tuple[str, ...]]
    """All tables that `restore` fills."""

    def rows(self, tx: Tx, after: int, through: int) -> Sequence[Sequence[Any]]:
        """Rows with `after` < seq ≤ `through`, in order, each beginning with (seq, key_id, sealed)."""
        ...

    def clear(self, row: Sequence[Any], actor: str, at: int) -> bytes:
        """The canonical bytes of the row's clear half; `at` in microseconds."""
        ...

    def lasting(self, tx: Tx, record: SealedRecord, content: bytes) -> tuple[int, ...]:
        """What outlives an opened record."""
        ...

    def left_of(self, tx: Tx, serials: Sequence[int]) -> Lasting:
        """What is left of records that are gone, or that don't open."""
        ...

    def restore(self, tx: Tx, records: Sequence[tuple[SealedRecord, bytes]]) -> None:
        """Write the rows of opened records, each with the canonical JSON of its content."""
        ...

    def restore_lasting(self, tx: Tx, lasting: Lasting) -> None: ...

    def settle(self, tx: Tx) -> None:
        """When ledger and records are back: what the ledger says happened to the records since."""
        ...


Sources = Mapping[str, Source]
"""Kind of ledger entry → where its records are."""


Annexed = Mapping[int, Sequence[int]]
"""Ledger entry → serials, in order."""


class Annex(Protocol):
    """Which records an entry of the ledger is about, where it says so by a digest only: what it put under a hold, what
    it began to destroy.

    They are too many to be copied each time that one is added, so each entry takes its own along.
    """

    tables: ClassVar[tuple[str, ...]]
    """All tables that `restore` fills."""
    kinds: ClassVar[frozenset[str]]

    def of(self, tx: Tx, after: int, through: int) -> Annexed:
        """Of the entries with `after` < seq ≤ `through`."""
        ...

    def gone(self, tx: Tx, annexed: Annexed) -> Collection[int]:
        """What must not come back. Asked when the ledger is there again, and before any record is."""
        ...

    def restore(self, tx: Tx, annexed: Annexed) -> None:
        """When all else is there again. What has ended since, and what is about records that are gone, stays away."""
        ...


@dataclass(frozen=True)
class Contents:
    """Everything that an organisation's part of the vault is made of. `tables`: the small ones, by name."""

    sources: Sources
    annexes: tuple[Annex, ...]
    tables: Mapping[str, Table]
