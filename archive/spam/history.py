"""What became of a report: everything that the ledger says of it, with what people wrote to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.ledger.trail import TrailEntry, entries_about
from archive.spam.events import SpamViewed
from archive.spam.sealing import check_digest, open_sealed
from archive.spam.store import SpamNoteRow, notes_of
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Step:
    entry: TrailEntry
    note: str


def history_of(tx: Tx, report_id: str, *, views: bool = False) -> Sequence[Step]:
    """Newest first. Raises `Damaged` where a note is not what was committed to."""
    notes = {row.entry: row for row in notes_of(tx, report_id)}
    entries = entries_about(tx, report_id)
    return [
        Step(entry, _note(tx, report_id, notes.get(entry.seq), entry))
        for entry in entries
        if views or entry.kind != SpamViewed.kind
    ]


def _note(tx: Tx, report_id: str, row: SpamNoteRow | None, entry: TrailEntry) -> str:
    if row is None:
        return ""
    digest, note = open_sealed(tx, row.key_id, report_id, row.sealed, str)
    check_digest(report_id, digest, str(entry.detail.get("digest")))
    return note
