"""Letters with their words, opened."""

from collections.abc import Sequence
from datetime import datetime

from archive.core.errors import NotFound
from archive.letters import store
from archive.letters.events import LetterOpened
from archive.letters.model import Ending, Form, Letter, LetterState
from archive.letters.sealing import EVIDENCE, PDF, open_evidence, open_pdf, open_reason
from archive.letters.states import state_at
from archive.letters.store import LetterEndingRow, LetterRow
from archive.numbers.store import all_numbers
from archive.tx import Tx

TEXT = "text"


def list_letters(tx: Tx) -> list[Letter]:
    """Newest first, those that ended too."""
    return _letters(tx, store.all_letters(tx))


def read_letter(tx: Tx, letter_id: str) -> Letter:
    return _letters(tx, [row_of(tx, letter_id)])[0]


def view_letter(tx: Tx, letter_id: str) -> Letter:
    """The same, put on record: it shows who signed, and from where."""
    letter = read_letter(tx, letter_id)
    tx.record(LetterOpened(subject=letter_id, part=EVIDENCE))
    return letter


def take_pdf(tx: Tx, letter_id: str) -> bytes:
    """Its file, put on record."""
    content = open_pdf(tx, row_of(tx, letter_id))
    tx.record(LetterOpened(subject=letter_id, part=PDF))
    return content


def take_text(tx: Tx, letter_id: str) -> str:
    """Its exact words, put on record. Raises `NotFound` for a letter on paper, and for one that is destroyed."""
    evidence = open_evidence(tx, row_of(tx, letter_id))
    if evidence is None or not evidence.text:
        raise NotFound(f"The letter {letter_id} has no words of ours.", "Take its file, if it is not destroyed.")
    tx.record(LetterOpened(subject=letter_id, part=TEXT))
    return evidence.text


def row_of(tx: Tx, letter_id: str) -> LetterRow:
    row = store.letter_row(tx, letter_id)
    if row is None:
        raise NotFound(f"There is no letter {letter_id}.", "`textarchive letter list` and `/letters` show all of them.")
    return row


def state_of(letter: Letter, now: datetime) -> LetterState:
    ended = frozenset(ending.how for ending in letter.endings)
    return state_at(now, signed_at=letter.signed_at, last_day=letter.last_day, endings=ended)


def states_of(tx: Tx, rows: Sequence[LetterRow]) -> dict[str, LetterState]:
    """Letter → its state now, without opening any."""
    ended = store.endings(tx, [row.id for row in rows])
    return {
        row.id: state_at(
            tx.now,
            signed_at=row.signed_at,
            last_day=row.last_day,
            endings=frozenset(LetterState(ending.how) for ending in ended[row.id]),
        )
        for row in rows
    }


def letters_that_count(tx: Tx, number_id: str) -> list[LetterRow]:
    """Those on which a number's authorisation may rest, newest first."""
    rows = store.letters_covering(tx, number_id)
    states = states_of(tx, rows)
    return [row for row in rows if states[row.id].counts]


def _letters(tx: Tx, rows: Sequence[LetterRow]) -> list[Letter]:
    ids = [row.id for row in rows]
    endings, covered = store.endings(tx, ids), store.number_ids(tx, ids)
    addresses = {row.id: row.e164 for row in all_numbers(tx)}
    return [_letter(tx, row, endings[row.id], tuple(sorted(addresses[one] for one in covered[row.id]))) for row in rows]


def _letter(tx: Tx, row: LetterRow, endings: Sequence[LetterEndingRow], numbers: tuple[str, ...]) -> Letter:
    return Letter(
        id=row.id,
        form=Form(row.form),
        wording=row.wording,
        text_sha256=row.text_sha256,
        pdf_sha256=row.pdf_sha256,
        signed_at=row.signed_at,
        last_day=row.last_day,
        supersedes=row.supersedes,
        entry=row.entry,
        numbers=numbers,
        endings=tuple(_ending(tx, row, ending) for ending in endings),
        evidence=open_evidence(tx, row),
    )


def _ending(tx: Tx, row: LetterRow, ending: LetterEndingRow) -> Ending:
    return Ending(
        how=LetterState(ending.how),
        entry=ending.entry,
        at=ending.ended_at,
        by=ending.ended_by,
        reason=open_reason(tx, row, ending.sealed) if ending.sealed else "",
        superseded_by=ending.superseded_by,
    )
