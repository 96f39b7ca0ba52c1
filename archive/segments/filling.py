"""What backups have of a ledger where the vault has nothing, or nothing any more."""

from collections.abc import Iterator, Sequence

from archive.core.errors import Damaged
from archive.ledger.store import commitments
from archive.segments import names
from archive.segments.layout import Entry, Segment, Signed, read_segment
from archive.segments.vault import Vault
from archive.tx import Tx

Stretch = tuple[list[Entry], list[Signed]]


def stretches(tx: Tx, backup: Vault, organisation: str, after: int, last: int | None) -> Iterator[Stretch]:
    """Entries behind `after`, without a gap, up to `last` or as far as the backup goes, and the checkpoints among them.

    Whoever takes one has written it into the database before asking for the next. Raises `Damaged` for a segment that
    can't be read, and where the backup has other entries than the database.
    """
    for segment in _following(backup, organisation, after, last):
        if segment.header.first > after + 1:
            return
        lines = list(segment)
        entries = [line for line in lines if isinstance(line, Entry)]
        _demand_the_same(tx, entries, after)
        new = [entry for entry in entries if entry.seq > after and (last is None or entry.seq <= last)]
        if new:
            yield new, [line for line in lines if isinstance(line, Signed) and after <= line.size < new[-1].seq]
            after = new[-1].seq


def _following(backup: Vault, organisation: str, after: int, last: int | None) -> Iterator[Segment]:
    """Segments that may have some of it. Each ends where the next one begins."""
    listed = backup.names(names.ledger_folder(organisation))
    ends: list[int | None] = [*(names.first_of(name) - 1 for name in listed[1:]), None]
    for name, end in zip(listed, ends, strict=False):
        if (end is None or end > after) and (last is None or names.first_of(name) <= last):
            yield read_segment(name, backup.get(name))


def _demand_the_same(tx: Tx, entries: Sequence[Entry], after: int) -> None:
    known = commitments(tx, entries[0].seq - 1, min(entries[-1].seq, after))
    for entry in entries:
        if known.get(entry.seq, entry.commit) != entry.commit:
            raise Damaged(
                f"The backup holds another ledger than the vault, from entry {entry.seq} on.",
                "Restore from one of the two; a checkpoint that somebody has kept says which is the right one.",
            )
