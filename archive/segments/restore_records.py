"""Brings sealed records back from the vault, each checked against its entry in the ledger."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.core.errors import Damaged
from archive.keys.envelope import SealingKey
from archive.ledger import store as ledger
from archive.ledger.sealed import SealedRecord, open_sealed
from archive.messages.actions import STORED
from archive.segments import names
from archive.segments.fetching import fetch_segments
from archive.segments.layout import Record, Segment
from archive.segments.source import Sources
from archive.segments.vault import Vault
from archive.segments.window import sealed_of
from archive.tx import Tx


def _has_any(span: tuple[int, int], serials: Sequence[int]) -> bool:
    at = bisect_left(serials, span[0])
    return at < len(serials) and serials[at] <= span[1]


@dataclass(slots=True)
class RecordsBack:
    """Serials of what came back, and of what did not: `destroyed` by a purge, `damaged`, or simply `missing`.

    `parts`: (name, day, records, texts) of each segment. `broken`: segments that don't pass their own check.
    """

    restored: set[int] = field(default_factory=set)
    destroyed: set[int] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)
    missing: list[int] = field(default_factory=list)
    parts: list[tuple[str, str, int, int]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def restore_records(
    tx: Tx,
    vault: Vault,
    organisation: str,
    sources: Sources,
    days: Mapping[int, str],
    gone: Collection[int],
    progress: Callable[[int, int], None],
    backups: Sequence[Vault] = (),
) -> RecordsBack:
    """`days`: serial → day of expiry of every record that there was; of those that are `gone` none comes back.

    What the vault lacks is looked for in backups.
    """
    reader = _Reader(tx, sources, gone)
    # What was sealed anew comes last: where both copies are there, the day's own is as good.
    parts = [*vault.names(f"{organisation}/days/"), *vault.names(f"{organisation}/held/")]
    for number, (name, segment) in enumerate(fetch_segments(vault, parts), start=1):
        reader.add(name, segment)
        progress(number, len(parts))
    back = reader.back
    for backup in backups:
        reader.look_in(backup, organisation, sorted(days.keys() - back.restored - set(gone)))
    back.destroyed = {seq for seq in days if seq in gone}
    back.damaged -= back.restored
    back.missing = sorted(days.keys() - back.restored - back.destroyed - back.damaged)
    return back


class _Reader:
    def __init__(self, tx: Tx, sources: Sources, gone: Collection[int]) -> None:
        self._tx = tx
        self._sources = sources
        self._gone = gone
        self._keys: dict[int, SealingKey | None] = {}
        self.back = RecordsBack()

    def add(self, name: str, segment: Segment | None) -> None:
        """One of the vault's."""
        if segment is None:
            self.back.broken.append(name)
            return
        records = self._restore(segment)
        texts = sum(record.kind == STORED for record in records)
        self.back.parts.append((name, segment.header.day or "", len(records), texts))

    def look_in(self, backup: Vault, organisation: str, missing: Sequence[int]) -> None:
        """Another place may have what is missing. `missing`: serials, in order."""
        listed = [name for folder in ("days", "held") for name in backup.names(f"{organisation}/{folder}/")]
        wanted = [name for name in listed if _has_any(names.range_of(name), missing)]
        for name, segment in fetch_segments(backup, wanted):
            if segment is None:
                self.back.broken.append(name)
            else:
                self._restore(segment)

    def _restore(self, segment: Segment) -> list[Record]:
        records = [line for line in segment if isinstance(line, Record)]
        entries = self._entries(segment.header.first, segment.header.last)
        opened: dict[str, list[tuple[SealedRecord, bytes]]] = {}
        for record in records:
            content = self._open(record, entries.get(record.seq))
            if content is not None:
                opened.setdefault(record.kind, []).append((sealed_of(record), content))
        for kind, some in opened.items():
            self._sources[kind].restore(self._tx, some)
        return records

    def _entries(self, first: int, last: int) -> dict[int, tuple[Any, ...]]:
        """seq → (kind, at, actor, commitment) as the ledger has it."""
        rows: Sequence[Any] = ledger.entries(self._tx, first - 1, last)
        return {seq: (kind, at, actor, commit) for seq, kind, at, actor, _, commit, *_ in rows}

    def _open(self, record: Record, entry: tuple[Any, ...] | None) -> bytes | None:
        """The content, if this is the record that the ledger speaks of, is not back already, and may come back."""
        if record.seq in self.back.restored or record.seq in self._gone:
            return None
        if (record.kind, record.at, record.actor, record.commit) != entry or record.kind not in self._sources:
            self.back.damaged.add(record.seq)
            return None
        try:
            key = self._key(record.key_id)
            content = open_sealed(self._tx.org_id, key, sealed_of(record)) if key else None
        except Damaged:
            self.back.damaged.add(record.seq)
            return None
        if content is not None:
            self.back.restored.add(record.seq)
        return content

    def _key(self, key_id: int) -> SealingKey | None:
        if key_id not in self._keys:
            self._keys[key_id] = self._tx.keyring.by_id(self._tx.session, self._tx.org_id, key_id)
        return self._keys[key_id]
