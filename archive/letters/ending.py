"""A letter ends: it is revoked, or another takes its place; and what rested on it alone is withdrawn."""

from archive.core.errors import BadInput, Conflict
from archive.letters.events import LetterRevoked, LetterSuperseded
from archive.letters.model import LetterState
from archive.letters.reading import letters_that_count, row_of, states_of
from archive.letters.sealing import REASON, seal_part
from archive.letters.states import may_become
from archive.letters.store import LetterEndingRow, LetterRow
from archive.numbers.actions import RESTS, rest_on, set_state
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, numbers_on_letter
from archive.tx import Tx

REASON_LENGTH = 500


def revoke_letter(tx: Tx, letter_id: str, reason: str) -> list[str]:
    """The numbers (E.164) that are withdrawn with it: those that rest on no other letter."""
    row, reason = row_of(tx, letter_id), " ".join(reason.split())
    if not 1 <= len(reason) <= REASON_LENGTH:
        raise BadInput(f"A reason has 1 to {REASON_LENGTH} characters.", "Say why the letter is revoked.")
    check_move(tx, row, LetterState.REVOKED)
    entry = tx.record(LetterRevoked(subject=row.id, reason=reason))
    end(tx, row, LetterState.REVOKED, entry, sealed=seal_part(tx, row.id, REASON, reason.encode()))
    return let_go(tx, row, f"Letter {row.id} was revoked")


def supersede(tx: Tx, row: LetterRow, by: str) -> list[str]:
    """What the new letter does not cover any more is withdrawn, unless it rests on yet another."""
    check_move(tx, row, LetterState.SUPERSEDED)
    entry = tx.record(LetterSuperseded(subject=row.id, by=by))
    end(tx, row, LetterState.SUPERSEDED, entry, superseded_by=by)
    return let_go(tx, row, f"Letter {by} took the place of {row.id}")


def let_go(tx: Tx, row: LetterRow, because: str) -> list[str]:
    """Numbers that rest on a letter which counts no more: on another that covers them, or back to needing one."""
    withdrawn = []
    for number in numbers_on_letter(tx, row.id):
        others = [other for other in letters_that_count(tx, number.id) if other.id != row.id]
        if others:
            rest_on(tx, number.id, others[0].id, because)
        else:
            _withdraw(tx, number, because)
            withdrawn.append(number.e164)
    return withdrawn


def _withdraw(tx: Tx, number: NumberRow, because: str) -> None:
    """Unauthorised, as whatever is withdrawn; and it needs a letter anew, or it could be authorised without one."""
    if NumberState(number.state) in RESTS:
        set_state(tx, number.id, NumberState.UNAUTHORISED, because)
        set_state(tx, number.id, NumberState.LOA_REQUIRED, because)


def check_move(tx: Tx, row: LetterRow, after: LetterState) -> None:
    before = states_of(tx, [row])[row.id]
    if not may_become(before, after):
        raise Conflict(f"The letter {row.id} is {before} and can't be {after} any more.", "Look at its page.")


def end(
    tx: Tx,
    row: LetterRow,
    how: LetterState,
    entry: int,
    *,
    superseded_by: str | None = None,
    sealed: bytes | None = None,
) -> None:
    ending = LetterEndingRow(
        org_id=tx.org_id,
        letter_id=row.id,
        how=how.value,
        entry=entry,
        ended_at=tx.now,
        ended_by=str(tx.actor),
        superseded_by=superseded_by,
        sealed=sealed,
    )
    tx.session.add(ending)
    tx.session.flush()
