"""What people do about a report: moving it on, notes, who sees to it, by when, in which tier of fees."""

from datetime import date

from archive.access.people import list_people
from archive.core.clock import day_of
from archive.core.errors import BadInput, Conflict
from archive.spam.events import SpamChanged, SpamMoved, SpamNoted
from archive.spam.model import NOTE_LENGTH, FeeTier, State
from archive.spam.moves import Move, move_between, moves_from
from archive.spam.reading import found
from archive.spam.sealing import month_key, seal
from archive.spam.store import SpamNoteRow, SpamReportRow
from archive.tx import Tx

NOBODY = ""


def move(tx: Tx, report_id: str, after: State, note: str = "") -> SpamReportRow:
    """Raises `Conflict` where no move of the table leads there. Whoever takes one up sees to it."""
    row = found(tx, report_id)
    before, note = State(row.state), _line(note)
    if before is after:
        return row
    _check(move_between(before, after), before, after, note)
    digest, sealed = _sealed(tx, row, note) if note else (None, None)
    entry = tx.record(SpamMoved(subject=row.id, before=before, after=after, digest=digest))
    row.state, row.state_since_at = after.value, tx.now
    if before is State.NEW and row.assignee is None and tx.actor.kind == "person":
        row.assignee = tx.actor.name
    _keep_note(tx, row, entry, sealed)
    return row


def add_note(tx: Tx, report_id: str, note: str) -> None:
    row, note = found(tx, report_id), _line(note)
    if not note:
        raise BadInput("The note is empty.", "Write what you found out.")
    digest, sealed = _sealed(tx, row, note)
    _keep_note(tx, row, tx.record(SpamNoted(subject=row.id, digest=digest)), sealed)


def assign(tx: Tx, report_id: str, person_id: str) -> SpamReportRow:
    """To a person of the organisation's, or to `NOBODY`."""
    row = found(tx, report_id)
    if person_id != NOBODY and not any(one.id == person_id and not one.disabled_at for one in list_people(tx)):
        raise BadInput(f"There is no person {person_id[:40]}.", "`/people` lists those that there are.")
    if (row.assignee or NOBODY) != person_id:
        row.assignee = person_id or None
        tx.record(SpamChanged(subject=row.id, assignee=person_id))
    return row


def set_due(tx: Tx, report_id: str, on: date) -> SpamReportRow:
    row = found(tx, report_id)
    if on < day_of(row.received_at):
        raise BadInput("This is before the report came.", "Choose a later day.")
    if row.due_on != on:
        row.due_on = on
        tx.record(SpamChanged(subject=row.id, due_on=on.isoformat()))
    return row


def set_tier(tx: Tx, report_id: str, tier: FeeTier | None) -> SpamReportRow:
    """None: no fee, or none that is known."""
    row = found(tx, report_id)
    wanted = tier.value if tier else None
    if row.fee_tier != wanted:
        row.fee_tier = wanted
        tx.record(SpamChanged(subject=row.id, fee_tier=wanted or "none"))
    return row


def _check(move: Move | None, before: State, after: State, note: str) -> None:
    if move is None:
        states = ", ".join(one.after for one in moves_from(before))
        raise Conflict(f"A report that is {before} can't become {after}.", f"From there it can become: {states}.")
    if move.needs_note and not note:
        raise BadInput(f"To {move.verb} a report takes a note.", "Say why.")


def _sealed(tx: Tx, row: SpamReportRow, note: str) -> tuple[str, bytes]:
    return seal(tx, month_key(tx, row.received_at), row.id, note)


def _keep_note(tx: Tx, row: SpamReportRow, entry: int, sealed: bytes | None) -> None:
    if sealed is not None:
        key = month_key(tx, row.received_at)
        tx.session.add(SpamNoteRow(org_id=tx.org_id, report_id=row.id, entry=entry, key_id=key.id, sealed=sealed))


def _line(note: str) -> str:
    note = note.strip()
    if len(note) > NOTE_LENGTH:
        raise BadInput(f"A note has up to {NOTE_LENGTH:,} characters.", "Shorten it.")
    return note
