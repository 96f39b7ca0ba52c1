"""A table of numbers, taken in line by line; each line has its fate."""

from collections.abc import Iterable
from functools import partial

from archive.core import phone
from archive.core.errors import Conflict
from archive.core.fates import Fate, Outcome, Taking
from archive.locations.model import key_of
from archive.locations.naming import called
from archive.numbers import store
from archive.numbers.actions import add_number, assign, check_letter, holder_after, set_state
from archive.numbers.eligible import check_number
from archive.numbers.model import NumberState
from archive.numbers.moves import move_by_hand, states_after
from archive.numbers.store import NumberRow
from archive.numbers.table import Line
from archive.tx import Tx


def take_table(tx: Tx, lines: Iterable[Line]) -> list[Fate]:
    """A refused line changes nothing and costs the others nothing. To look first, give a transaction that reads."""
    taking = Taking()
    for line in lines:
        address = phone.parse(line.number).address
        taking.one(line.line, address, line.fault, partial(_take, tx, line, address))
    return taking.fates


def _take(tx: Tx, line: Line, address: str) -> Outcome:
    row = store.number_by_e164(tx, address)
    if row is None or (row.state == NumberState.RELEASED and line.state is not NumberState.RELEASED):
        state = line.state or NumberState.UNAUTHORISED
        add_number(
            tx, line.number, location=line.location or "", label=line.label or "", state=state, reason=line.reason
        )
        return Outcome.ADDED
    before = (row.location, row.label, row.state)
    _check_move(tx, row, line)
    if row.state != NumberState.RELEASED:
        assign(tx, row.id, location=line.location, label=line.label, reason=line.reason)
    if line.state:
        set_state(tx, row.id, line.state, line.reason)
    return Outcome.UNCHANGED if before == (row.location, row.label, row.state) else Outcome.CHANGED


def _check_move(tx: Tx, row: NumberRow, line: Line) -> None:
    """Before anything is written: a line is taken whole or not at all."""
    location = row.location if line.location is None else called(tx, line.location)
    moves = key_of(location) != key_of(row.location)
    before = NumberState.UNAUTHORISED if moves and row.state != NumberState.RELEASED else NumberState(row.state)
    if line.state and line.state is not before and move_by_hand(before, line.state) is None:
        after = ", ".join(states_after(before))
        moved = ", having moved," if moves else ""
        raise Conflict(f"A number that is {before}{moved} can't become {line.state}.", f"It can become: {after}.")
    if line.state:
        check_letter(before, line.state, None)
    if line.state is NumberState.AUTHORISED and before is not NumberState.AUTHORISED:
        _, user_id = holder_after(tx, row, line.label)
        check_number(tx, row.e164, location, user_id)
