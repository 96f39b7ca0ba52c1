"""Recomputes everything from what is stored, and says what is wrong and where.

Nothing here trusts a stored hash: commitments come from the opened records, leaves from the entries, tiles and roots
from the leaves. What is stored is only compared with what comes out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol

from archive.core.clock import from_micros
from archive.core.errors import Damaged
from archive.keys.envelope import SALT_BYTES, SealingKey
from archive.ledger import store
from archive.ledger.entry import LOST, clear_of_event, document, leaf_prefix, place
from archive.ledger.lost import lost_ranges
from archive.ledger.note import Checkpoint, NoteError, VerifierKey, open_checkpoint
from archive.ledger.report import NOTHING_PURGED, Purged, Report
from archive.ledger.rows import CheckpointRow
from archive.ledger.tiles import TILE_HEIGHT, TILE_WIDTH, TileBuilder
from archive.tx import KeyDestroyed, Tx

ENTRIES_AT_ONCE = 32 * TILE_WIDTH

KEY_DESTROYED = KeyDestroyed.kind
"""What an entry about a key must say before texts under it may be unreadable."""

# All that a database holds as a sequence number; those of the ledger begin at 1.
FIRST_NUMBER, LAST_NUMBER = -(2**63), 2**63 - 1

# Subject, detail, key and sealed half of a record's entry: all of that is in the record's own row.
_NOTHING_OF_ITS_OWN = (None, None, None, None)


class Keeper(Protocol):
    """A table whose rows are committed to by entries of one kind: messages, quarantined items."""

    def rows(self, tx: Tx, after: int, through: int) -> Sequence[Sequence[Any]]:
        """Rows with `after` < seq ≤ `through`, each beginning with (seq, key_id, sealed)."""
        ...

    def clear(self, row: Sequence[Any], actor: str, at: int) -> bytes:
        """The canonical bytes of the row's clear half; `at` in microseconds."""
        ...


def verify_ledger(
    tx: Tx,
    public: VerifierKey,
    keepers: Mapping[str, Keeper],
    remembered: Sequence[Checkpoint] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
    purged: Purged = NOTHING_PURGED,
) -> Report:
    """`remembered` are checkpoints that somebody kept elsewhere, their signatures checked already."""
    report = Report()
    roots = _Roots(tx, public, remembered, report)
    check = _Check(tx, keepers, purged, report)
    check.before()
    after, last = 0, store.last_entry(tx.session)
    while after < last:
        # From the next entry that there is: a forged one far away must not have us walk through all that is not there.
        through = min(store.next_entry(tx.session, after) - 1 + ENTRIES_AT_ONCE, last)
        roots.add(check.entries(store.entries(tx, after, through), after, through))
        after = through
        progress(after, last)
    check.tail(last)
    roots.finish()
    return report


def verify_some(
    tx: Tx, keepers: Mapping[str, Keeper], stretches: Iterable[tuple[int, int]], purged: Purged = NOTHING_PURGED
) -> Report:
    """Only entries with `after` < seq ≤ `through` of each stretch, and their records; no tree, no signatures."""
    report = Report()
    check = _Check(tx, keepers, purged, report)
    for after, through in stretches:
        check.entries(store.entries(tx, after, through), after, through)
    return report


class _Check:
    """Entries against the rows that they commit to."""

    def __init__(self, tx: Tx, keepers: Mapping[str, Keeper], purged: Purged, report: Report) -> None:
        self._tx = tx
        self._keepers = keepers
        self._purged = purged
        self._report = report
        self._keys: dict[int, SealingKey | None] = {}
        self._prefixes: dict[tuple[str, int], bytes] = {}
        self._lost = lost_ranges(tx)

    def entries(self, entries: Sequence[Any], after: int, through: int) -> list[bytes]:
        """Check the entries of a range; their leaf hashes."""
        rows = self._rows_between(after, through)
        leaves, records = [], 0
        expected = after + 1
        for seq, kind, at, actor, subject, commit, detail, key_id, sealed in entries:
            if seq != expected:
                self._gap(expected, seq)
            expected = seq + 1
            if kind == LOST:
                leaves.append(commit)
                self._lose(seq)
                continue
            leaves.append(sha256(self._prefix(kind, at) % (commit.hex().encode(), seq)).digest())
            keeper = self._keepers.get(kind)
            if keeper is None:
                clear = clear_of_event(actor, subject, (detail or "").encode())
                self._open(seq, commit, clear, key_id, sealed)
            elif row := rows[kind].pop(seq, None):
                records += 1
                self._record(seq, commit, keeper.clear(row, actor, at), row[1], row[2])
                if (subject, detail, key_id, sealed) != _NOTHING_OF_ITS_OWN:
                    self._report.fault(seq, "the record's entry carries what it was not made with: it was written in")
            elif seq in self._purged.certified or seq in self._purged.going:
                self._report.purged += 1
            else:
                self._report.fault(seq, "the record is gone though nothing says that it was destroyed")
        if expected <= through:
            self._gap(expected, through + 1)
        self._report.entries += len(entries)
        self._report.records += records
        self._report_unrecorded(rows)
        return leaves

    def _lose(self, seq: int) -> None:
        if any(seq in lost for lost in self._lost):
            self._report.lost += 1
        else:
            self._report.fault(seq, "the entry stands there as lost, but no restore has said so")

    def _gap(self, first: int, following: int) -> None:
        self._report.fault(first, f"the ledger entries #{first} to #{following - 1} are missing")

    def before(self) -> None:
        """What stands before the first entry, where nothing can."""
        for row in store.entries(self._tx, FIRST_NUMBER, 0):
            self._report.fault(row[0], "the entry stands before the first one: it was inserted")
        self._report_unrecorded(self._rows_between(FIRST_NUMBER, 0))

    def tail(self, after: int) -> None:
        """What stands beyond the last entry."""
        if after != self._tx.ledger_size:
            self._report.fault(after + 1, f"the ledger ends at #{after}, but its head says #{self._tx.ledger_size}")
        self._report_unrecorded(self._rows_between(after, LAST_NUMBER))

    def _rows_between(self, after: int, through: int) -> dict[str, dict[int, Any]]:
        return {
            kind: {row[0]: row for row in keeper.rows(self._tx, after, through)}
            for kind, keeper in self._keepers.items()
        }

    def _report_unrecorded(self, rows: Mapping[str, Mapping[int, Any]]) -> None:
        for left in rows.values():
            for seq in left:
                self._report.fault(seq, "the record stands in the database without a ledger entry: it was inserted")

    def _prefix(self, kind: str, at: int) -> bytes:
        prefix = self._prefixes.get((kind, at))
        if prefix is None:
            if len(self._prefixes) > ENTRIES_AT_ONCE:
                self._prefixes.clear()
            prefix = self._prefixes[kind, at] = b"\0" + leaf_prefix(kind, from_micros(at))
        return prefix

    def _record(self, seq: int, commit: bytes, clear: bytes, key_id: int, sealed: bytes) -> None:
        """One that is here, and may be: only while its batch is at it may its key be gone already."""
        if seq in self._purged.certified:
            self._report.fault(seq, "the record is here again, though a certificate says that it was destroyed")
        elif not self._open(seq, commit, clear, key_id, sealed) and seq not in self._purged.going:
            self._report.fault(seq, "the key of the record is destroyed, but no purge has taken the record")

    def _open(self, seq: int, commit: bytes, clear: bytes, key_id: int | None, sealed: bytes | None) -> bool:
        """False when the key is destroyed; what else is wrong is reported."""
        if key_id is None or sealed is None:
            self._report.fault(seq, "the sealed part is missing")
            return True
        if key_id not in self._keys:
            self._keys[key_id] = self._find_key(seq, key_id)
        key = self._keys[key_id]
        if key is None:
            self._report.expired += 1
            return False
        try:
            opened = key.open(sealed, place(self._tx.org_id, seq))
        except Damaged:
            self._report.fault(seq, "the sealed text does not open: it was changed, or moved from another place")
            return True
        if sha256(opened[:SALT_BYTES] + document(clear, opened[SALT_BYTES:])).digest() != commit:
            self._report.fault(
                seq,
                "a clear column or the commitment was changed: the record is not what the ledger committed to",
            )
        return True

    def _find_key(self, seq: int, key_id: int) -> SealingKey | None:
        """The key, looked for at the first entry that needs it; None when it is destroyed or damaged."""
        try:
            key = self._tx.keyring.by_id(self._tx.session, self._tx.org_id, key_id)
        except Damaged as problem:
            self._report.fault(seq, problem.message)
            return None
        if key is None and not store.has_entry_about(self._tx.session, KEY_DESTROYED, f"key:{key_id}"):
            self._report.fault(seq, f"the key {key_id} is destroyed, but the ledger does not say so")
        return key


class _Roots:
    """The tree grown again from the leaves, against every stored tile and every checkpoint on its way."""

    def __init__(self, tx: Tx, public: VerifierKey, remembered: Sequence[Checkpoint], report: Report) -> None:
        self._tx = tx
        self._report = report
        self._builder = TileBuilder()
        stored = [self._stored(row, public) for row in store.checkpoints(tx.session)]
        good = [(checkpoint, "the stored checkpoint") for checkpoint in stored if checkpoint]
        kept = [(checkpoint, "the remembered checkpoint") for checkpoint in remembered]
        self._ahead = sorted(good + kept, key=lambda pair: pair[0].size)

    def _stored(self, row: CheckpointRow, public: VerifierKey) -> Checkpoint | None:
        which = f"the stored checkpoint of size {row.size}"
        try:
            checkpoint = open_checkpoint(row.note, public)
        except NoteError as problem:
            self._report.fault(None, f"{which} is not good: {problem}")
            return None
        if checkpoint.size != row.size:
            self._report.fault(None, f"{which} speaks of size {checkpoint.size}")
            return None
        if checkpoint.root != row.root:
            self._report.fault(None, f"{which} has another root beside its note: that column was changed")
        return checkpoint

    def add(self, leaves: list[bytes]) -> None:
        """Grow by some leaves, stopping at each checkpoint on the way."""
        begin = self._builder.size
        while self._ahead and self._ahead[0][0].size <= begin + len(leaves):
            checkpoint, which = self._ahead.pop(0)
            upto = checkpoint.size - begin
            self._grow(leaves[self._builder.size - begin : upto])
            self._report.checkpoints += 1
            if self._builder.root() != checkpoint.root:
                self._report.fault(
                    None,
                    f"{which} of size {checkpoint.size} has another root: entries before it were rewritten",
                )
        self._grow(leaves[self._builder.size - begin :])

    def _grow(self, leaves: list[bytes]) -> None:
        first = self._builder.size // TILE_WIDTH
        full = self._builder.append(leaves)
        if not full:
            return
        stored = store.tiles_between(self._tx.session, first, self._builder.size // TILE_WIDTH)
        for tile in full:
            self._compare(tile.level, tile.index, stored.get((tile.level, tile.index), b""), tile.hashes)

    def _compare(self, level: int, number: int, stored: bytes, grown: bytes) -> None:
        """A stored tile may be the beginning of what has grown since, or not be there at all."""
        if not grown.startswith(stored):
            self._report.fault(None, f"tile {number} of level {level} is not what its entries hash to")

    def _compare_begun(self) -> None:
        """The tiles at the right edge, which are not full yet; right of them there is none."""
        begun = {(tile.level, tile.index): tile.hashes for tile in self._builder.partial()}
        edge = self._builder.size // TILE_WIDTH
        for (level, number), stored in store.tiles_between(self._tx.session, edge, LAST_NUMBER).items():
            if level < 0 or number >= self._builder.size >> TILE_HEIGHT * (level + 1):
                self._compare(level, number, stored, begun.get((level, number), b""))

    def finish(self) -> None:
        self._compare_begun()
        self._report.size, self._report.root = self._builder.size, self._builder.root()
        for checkpoint, which in self._ahead:
            self._report.fault(
                None,
                f"{which} speaks of {checkpoint.size} entries, but only {self._builder.size} are left: truncated",
            )
