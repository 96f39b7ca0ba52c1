"""Cuts the next stretch out of the ledger: what goes into one segment of it, and into those of its records.

The same entries always give the same bytes under the same names, so whoever is interrupted simply does it again.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from archive.access.organisations import OrganisationRow
from archive.core.clock import from_micros, to_micros
from archive.core.errors import Damaged
from archive.keys.keyring import DAY_KEY, Purpose, purposes
from archive.ledger import store as ledger
from archive.ledger.sealed import SealedRecord, open_sealed
from archive.segments import names
from archive.segments.days import LIMITS, Days, Finished, Limits, owner_of
from archive.segments.layout import Entry, Part, Record, Signed, encode_line, segment
from archive.segments.source import Contents, Source
from archive.tx import Tx

_log = logging.getLogger(__name__)


class _Expiring(msgspec.Struct):
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """Entries `first` to `last`: `commits` are theirs, in order."""

    first: int
    last: int
    commits: list[bytes]
    ledger: Finished
    parts: list[Finished]


def cut(
    tx: Tx,
    organisation: OrganisationRow,
    contents: Contents,
    after: int,
    through: int | None = None,
    limits: Limits = LIMITS,
) -> Window:
    """What comes behind entry `after`: as much as a window holds, or exactly up to `through`."""
    days = Days(organisation, limits)
    lines: list[bytes] = []
    commits: list[bytes] = []
    size, last, at = 0, after, 0
    for entry, record, held in _entries(tx, contents, after, through or tx.ledger_size, limits.reading):
        line = encode_line(entry)
        if through is None and lines and (size + len(line) > limits.object or days.size > limits.window):
            break
        lines.append(line)
        commits.append(entry.commit)
        size, last, at = size + len(line), entry.seq, entry.at
        if record and entry.day:
            days.add(entry.day, record, held=held)
    parts = days.finished()
    signed = [encode_line(_signed(row)) for row in ledger.checkpoints_between(tx.session, after, last - 1)]
    content = segment(
        "ledger",
        owner_of(organisation),
        [*(encode_line(Part(part.name, part.day, part.records)) for part in parts), *lines, *signed],
        first=after + 1,
        last=last,
    )
    name = names.ledger_name(organisation.public_id, after + 1)
    keep_until = names.kept_by_audit_policy(from_micros(at))
    return Window(after + 1, last, commits, Finished(name, content, "", len(lines), 0, keep_until), parts)


def sort_again(
    tx: Tx, organisation: OrganisationRow, contents: Contents, serials: Iterable[int], batch: str
) -> list[Finished]:
    """Those records that the database has now, as they are sealed now, each where its key belongs."""
    days = Days(organisation, LIMITS, batch)
    for first, last in names.ranges(sorted(serials)):
        for entry, record, held in _entries(tx, contents, first - 1, last, LIMITS.reading):
            if record and entry.day:
                days.add(entry.day, record, held=held)
    return days.finished()


def _signed(row: Any) -> Signed:
    return Signed(row.size, row.note, to_micros(row.signed_at))


Whole = tuple[Entry, Record | None, bool]
"""An entry, its record where it has one, and whether a hold keeps that beyond its day."""


def _entries(tx: Tx, contents: Contents, after: int, through: int, at_once: int) -> Iterator[Whole]:
    keys = purposes(tx.session, tx.org_id)
    while after < through:
        end = min(after + at_once, through)
        yield from _Batch(tx, contents, keys, after, end)
        after = end


def _kind_of(entry: Any) -> str:
    kind: str = entry[1]
    return kind


class _Batch:
    """Some entries, each with its record where it has one."""

    def __init__(self, tx: Tx, contents: Contents, keys: Mapping[int, Purpose], after: int, through: int) -> None:
        self._tx = tx
        self._sources = contents.sources
        self._keys = keys
        self._entries: Sequence[Any] = ledger.entries(tx, after, through)
        self._rows = {
            kind: {row[0]: row for row in source.rows(tx, after, through)} for kind, source in self._sources.items()
        }
        kinds = set(map(_kind_of, self._entries))
        self._annexed: dict[int, Sequence[int]] = {}
        for annex in contents.annexes:
            if annex.kinds & kinds:
                self._annexed.update(annex.of(tx, after, through))

    def __iter__(self) -> Iterator[Whole]:
        records = {row[0]: self._record(row) for row in self._entries if row[0] in self._rows.get(row[1], ())}
        lasting = self._lasting(records)
        for seq, kind, at, actor, subject, commit, detail, key_id, sealed in self._entries:
            record = records.get(seq)
            day, held = self._place(record) if record else (None, False)
            texts = tuple(names.ranges(self._annexed.get(seq, ()))) or None
            entry = Entry(seq, kind, at, actor, commit, subject, detail, key_id, sealed, day, lasting.get(seq), texts)
            yield entry, record, held

    def _place(self, record: Record) -> tuple[str, bool]:
        """The day of the key that it is sealed under, which is when it goes; or that a hold keeps it."""
        purpose = self._keys.get(record.key_id)
        if purpose and purpose.name == DAY_KEY:
            return purpose.period, False
        expires_at = msgspec.json.decode(record.clear, type=_Expiring).expires_at
        return expires_at.strftime("%Y-%m-%d"), purpose is not None

    def _record(self, entry: Sequence[Any]) -> Record:
        seq, kind, at, actor = entry[:4]
        row = self._rows[kind][seq]
        clear = self._sources[kind].clear(row, actor, at)
        return Record(seq, kind, at, actor, entry[5], row[1], row[2], msgspec.Raw(clear))

    def _lasting(self, records: dict[int, Record]) -> dict[int, tuple[int, ...]]:
        """Of what can be opened from the record itself; the rest is looked for, which takes longer."""
        found: dict[int, tuple[int, ...]] = {}
        for kind, source in self._sources.items():
            serials = [row[0] for row in self._entries if row[1] == kind]
            for seq in serials:
                if seq in records and (numbers := self._opened(source, records[seq])) is not None:
                    found[seq] = numbers
            if missing := [seq for seq in serials if seq not in found]:
                found.update(source.left_of(self._tx, missing))
        return {seq: numbers for seq, numbers in found.items() if numbers}

    def _opened(self, source: Source, record: Record) -> tuple[int, ...] | None:
        """One damaged record must not keep all later ones out of the vault: it goes there as it is."""
        sealed = sealed_of(record)
        try:
            key = self._tx.keyring.by_id(self._tx.session, self._tx.org_id, sealed.key_id)
            return source.lasting(self._tx, sealed, open_sealed(self._tx.org_id, key, sealed)) if key else None
        except Damaged as problem:
            _log.warning("Put into the vault as it is: %s", problem.message)
            return None


def sealed_of(record: Record) -> SealedRecord:
    return SealedRecord(
        record.seq,
        record.kind,
        record.at,
        record.actor,
        record.commit,
        record.key_id,
        record.sealed,
        bytes(record.clear),
    )
