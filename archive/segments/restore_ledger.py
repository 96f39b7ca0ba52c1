"""Brings a ledger back from the vault: its entries, its tree, its checkpoints, and the places of what was lost."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive.core.clock import from_micros, to_micros
from archive.core.errors import Damaged
from archive.ledger import store as ledger
from archive.ledger.entry import LOST, leaf_data
from archive.ledger.note import Checkpoint, NoteError, VerifierKey, open_checkpoint
from archive.ledger.rows import LedgerEntryRow
from archive.ledger.tiles import TileBuilder
from archive.ledger.tree import HASH_SIZE, leaf_hash
from archive.segments import names
from archive.segments.fetching import fetch_segments
from archive.segments.filling import stretches
from archive.segments.layout import Entry, Line, Record, Signed
from archive.segments.leaves import read_leaves
from archive.segments.source import Sources
from archive.segments.vault import Vault
from archive.tx import ENTRY_COLUMNS, Tx

Ranges = Sequence[tuple[int, int]]
UNKNOWN = bytes(HASH_SIZE)
"""Stands for the leaf of an entry of which nothing at all is left."""


@dataclass(slots=True)
class LedgerBack:
    """`through`: the last entry whose content is back; `size`: the last one whose place in the tree is; `signed`: the
    last one that a checkpoint in the vault speaks of.

    `days`: serial → the day on which its record expires. `lost`: ranges whose content is gone, ends included.
    `annexes`: kind → entry → ranges of the records that it is about. `segments`: (name, entries, moment of the
    last) of each stretch in the vault, the last of which ends at `in_vault`; `broken`: those that don't pass their own
    check. `last_at` and `until`: the moment of the last entry that is back.
    """

    through: int = 0
    in_vault: int = 0
    size: int = 0
    signed: int = 0
    checkpoints: int = 0
    lost: list[tuple[int, int]] = field(default_factory=list)
    days: dict[int, str] = field(default_factory=dict)
    segments: list[tuple[str, int, int]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    annexes: dict[str, dict[int, Ranges]] = field(default_factory=dict)
    last_at: int | None = None

    @property
    def until(self) -> datetime | None:
        return None if self.last_at is None else from_micros(self.last_at)


class LedgerReader:
    """One organisation's ledger, read from the vault into an empty one; what the vault lacks, from backups."""

    def __init__(
        self,
        tx: Tx,
        vault: Vault,
        organisation: str,
        sources: Sources,
        public: VerifierKey,
        backups: Sequence[Vault] = (),
    ) -> None:
        self._tx = tx
        self._vault = vault
        self._backups = backups
        self._organisation = organisation
        self._sources = sources
        self._public = public
        self._builder = TileBuilder()
        self._back = LedgerBack()

    def read(self, *, despite_gaps: bool) -> LedgerBack:
        """Raises `Damaged` for the first stretch that is missing, unless the rest is wanted all the same."""
        for name, found in fetch_segments(self._vault, self._vault.names(names.ledger_folder(self._organisation))):
            if found is None:
                self._back.broken.append(name)
                continue
            if found.header.first > self._builder.size + 1:
                self._bridge(found.header.first - 1, despite_gaps=despite_gaps)
            self._add(name, list(found))
        self._fill(None)
        self._back.through = self._builder.size
        self._tail()
        begun = [tile for tile in self._builder.partial() if tile.level > 0]
        ledger.put_tiles(self._tx.session, self._tx.org_id, begun)
        self._back.size = self._builder.size
        return self._back

    def _add(self, name: str, lines: Sequence[Line]) -> None:
        entries = [line for line in lines if isinstance(line, Entry)]
        self._back.in_vault = entries[-1].seq
        self._back.segments.append((name, len(entries), entries[-1].at))
        self._take(entries, lines)

    def _take(self, entries: Sequence[Entry], lines: Sequence[Line]) -> None:
        self._insert(entries)
        self._back.last_at = entries[-1].at
        for kind, source in self._sources.items():
            lasting = {each.seq: each.lasts for each in entries if each.kind == kind and each.lasts}
            source.restore_lasting(self._tx, lasting)
        for line in lines:
            if isinstance(line, Signed) and not self._back.lost:
                self._keep(line.size, line.note, line.signed_at)

    def _insert(self, entries: Sequence[Entry]) -> None:
        table: Any = LedgerEntryRow.__table__
        self._tx.insert(table, ENTRY_COLUMNS, [_row(entry) for entry in entries])
        # Millions of texts share some hundred days.
        self._back.days.update({entry.seq: sys.intern(entry.day) for entry in entries if entry.day})
        for entry in entries:
            if entry.texts:
                self._back.annexes.setdefault(entry.kind, {})[entry.seq] = entry.texts
        full = self._builder.append(_leaf(entry) for entry in entries)
        ledger.put_tiles(self._tx.session, self._tx.org_id, full)

    def _keep(self, size: int, note: str, signed_at: int) -> bool:
        """Whether it is a good checkpoint; one that isn't proves nothing either way."""
        checkpoint = _opened(note, self._public)
        if checkpoint is None:
            return False
        ledger.add_checkpoint(self._tx.session, self._tx.org_id, checkpoint, note, from_micros(signed_at))
        self._back.checkpoints += 1
        return True

    def _bridge(self, last: int, *, despite_gaps: bool) -> None:
        """A stretch is missing from among others in the vault."""
        self._fill(last)
        if self._builder.size < last:
            self._gap(last, despite_gaps=despite_gaps)

    def _fill(self, last: int | None) -> None:
        for backup in self._backups:
            for entries, signed in stretches(self._tx, backup, self._organisation, self._builder.size, last):
                self._take(entries, signed)

    def _gap(self, last: int, *, despite_gaps: bool) -> None:
        """Nothing has a stretch. The records of it bring their own entries along."""
        first = self._builder.size + 1
        if not despite_gaps:
            raise Damaged(
                f"The ledger entries {first} to {last} are missing in the vault, or damaged.",
                "Put them back from another copy of the vault; or restore the rest with --despite-gaps.",
            )
        found = self._entries_of_records(first, last)
        entries = [found.get(seq) or self._lost(seq, UNKNOWN) for seq in range(first, last + 1)]
        self._back.lost += names.ranges(entry.seq for entry in entries if entry.kind == LOST)
        self._insert(entries)

    def _entries_of_records(self, first: int, last: int) -> dict[int, Entry]:
        folders = (f"{self._organisation}/days/", f"{self._organisation}/held/")
        found: dict[int, Entry] = {}
        for place in (self._vault, *self._backups):
            listed = [name for folder in folders for name in place.names(folder)]
            wanted = [name for name in listed if names.overlap(names.range_of(name), (first, last))]
            for _, part in fetch_segments(place, wanted):
                for line in part or ():
                    if isinstance(line, Record) and first <= line.seq <= last:
                        day = part.header.day if part else None
                        found[line.seq] = Entry(line.seq, line.kind, line.at, line.actor, line.commit, day=day)
        return found

    def _tail(self) -> None:
        """Go on to the newest checkpoint that the leaves in the vault lead to: what it speaks of is not forgotten."""
        after = self._back.through
        leaves = read_leaves(self._vault, self._organisation, after)
        kept = self._checkpoints_from(after)
        reached = next((size for size, note, _ in reversed(kept) if self._fits(note, leaves)), None)
        self._back.signed = max((size for size, _, _ in kept), default=after)
        if reached is None:
            return
        for size, note, stored_at in kept:
            if size <= reached:
                self._keep(size, note, to_micros(stored_at))
        if reached > after:
            self._insert(
                [self._lost(seq, leaf) for seq, leaf in zip(range(after + 1, reached + 1), leaves, strict=False)]
            )
            self._back.lost.append((after + 1, reached))

    def _fits(self, note: str, leaves: Sequence[bytes]) -> bool:
        checkpoint = _opened(note, self._public)
        beyond = checkpoint.size - self._builder.size if checkpoint else -1
        if checkpoint is None or not 0 <= beyond <= len(leaves):
            return False
        tree = TileBuilder(self._builder.size, self._builder.partial())
        tree.append(leaves[:beyond])
        return tree.root() == checkpoint.root

    def _checkpoints_from(self, size: int) -> list[tuple[int, str, datetime]]:
        """(size, note, when the vault took it) of those of `size` or more: segments have only what others follow."""
        folder = names.checkpoint_folder(self._organisation)
        found = {
            version.name: (names.first_of(version.name), place.get(version.name), version.stored_at)
            for place in (*self._backups, self._vault)
            for version in place.versions(folder)
            if not version.is_marker and version.name >= f"{folder}{size:020d}"
        }
        return [(size, note.decode("utf-8", "replace"), at) for size, note, at in sorted(found.values())]

    def _lost(self, seq: int, leaf: bytes) -> Entry:
        return Entry(seq, LOST, to_micros(self._tx.now), str(self._tx.actor), leaf)


def _row(entry: Entry) -> tuple[Any, ...]:
    return (
        *(entry.seq, entry.kind, entry.at, entry.actor, entry.subject),
        *(entry.commit, entry.detail, entry.key_id, entry.sealed),
    )


def _leaf(entry: Entry) -> bytes:
    if entry.kind == LOST:
        return entry.commit
    return leaf_hash(leaf_data(entry.seq, entry.kind, from_micros(entry.at), entry.commit))


def _opened(note: str, public: VerifierKey) -> Checkpoint | None:
    try:
        return open_checkpoint(note, public)
    except NoteError:
        return None
