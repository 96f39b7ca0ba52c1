"""The end of a letter's time: when it comes, what keeps the letter beyond it, and that nothing is left of it then."""

from dataclasses import dataclass
from datetime import date

from archive.core.clock import day_of
from archive.letters import store
from archive.letters.checking import faults_of
from archive.letters.ending import end
from archive.letters.events import LetterDestroyed
from archive.letters.holding import held_numbers
from archive.letters.keeping import policy_of, today, years_after
from archive.letters.model import LetterState
from archive.letters.reading import states_of
from archive.letters.states import may_become
from archive.letters.store import LetterRow
from archive.numbers.history import past_by_id
from archive.numbers.model import NumberState
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Keeping:
    """`released_on`: when the last of its numbers was released, None while one is still here.

    `until`: the last day on which the letter is kept whatever happens, None as long as that is not known.
    """

    released_on: date | None
    until: date | None


def keeping_of(tx: Tx, letter_id: str) -> Keeping:
    """By the newest policy, which only ever keeps longer."""
    days = []
    for number_id in store.number_ids(tx, [letter_id])[letter_id]:
        newest = past_by_id(tx, number_id).stretches[0]
        if newest.state is not NumberState.RELEASED:
            return Keeping(None, None)
        # The ledger's own word for when that was, should the row say something earlier.
        days.append(max(day_of(newest.since), day_of(store.moment_of(tx, newest.entry) or tx.now)))
    if not days:
        return Keeping(None, None)
    return Keeping(max(days), years_after(max(days), policy_of(tx).keep_years))


def destroy_due(tx: Tx) -> list[str]:
    """The letters that are destroyed: their time is over, no hold keeps them, and they are what the ledger says."""
    over = [row for row in store.all_letters(tx) if _is_over(tx, row)]
    held = held_numbers(tx) if over else set()
    destroyed = []
    for row in over:
        covered = {past_by_id(tx, number).number.e164 for number in store.number_ids(tx, [row.id])[row.id]}
        if not covered & held and not faults_of(tx, row.id):
            _destroy(tx, row)
            destroyed.append(row.id)
    return destroyed


def _is_over(tx: Tx, row: LetterRow) -> bool:
    if not may_become(states_of(tx, [row])[row.id], LetterState.DESTROYED):
        return False
    until = keeping_of(tx, row.id).until
    return until is not None and today(tx) > until


def _destroy(tx: Tx, row: LetterRow) -> None:
    keeping = keeping_of(tx, row.id)
    assert keeping.released_on is not None
    entry = tx.record(
        LetterDestroyed(
            subject=row.id, released_on=keeping.released_on.isoformat(), keep_years=policy_of(tx).keep_years
        )
    )
    end(tx, row, LetterState.DESTROYED, entry)
    store.remove_papers(tx, row.id)
    tx.destroy_key(row.key_id)
