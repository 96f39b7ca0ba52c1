"""A table of numbers, taken in line by line; each line has its fate."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from archive.core import phone
from archive.core.errors import ArchiveError, Conflict
from archive.eligibility.actions import check_eligible
from archive.numbers import store
from archive.numbers.actions import add_number, assign, set_state
from archive.numbers.model import NumberState
from archive.numbers.moves import move_by_hand, states_after
from archive.numbers.store import NumberRow
from archive.numbers.table import Line
from archive.tx import Tx


class Outcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a line; `why` says of a refused one what is wrong and what to do."""

    line: int
    number: str
    outcome: Outcome
    why: str = ""


def take_table(tx: Tx, lines: Iterable[Line]) -> list[Fate]:
    """A refused line changes nothing and costs the others nothing. To look first, give a transaction that reads."""
    fates: list[Fate] = []
    seen: dict[str, int] = {}
    for line in lines:
        address = phone.parse(line.number).address
        try:
            if address in seen:
                raise Conflict(f"The number is in line {seen[address]} already.", "Leave one of them out.")
            outcome = _take(tx, line, store.number_by_e164(tx, address))
        except ArchiveError as problem:
            fates.append(Fate(line.line, line.number, Outcome.REFUSED, str(problem)))
            continue
        seen[address] = line.line
        fates.append(Fate(line.line, address, outcome))
    return fates


def _take(tx: Tx, line: Line, row: NumberRow | None) -> Outcome:
    if line.fault:
        raise Conflict(line.fault)
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
    moves = line.location is not None and line.location != row.location
    before = NumberState.UNAUTHORISED if moves and row.state != NumberState.RELEASED else NumberState(row.state)
    if line.state and line.state is not before and move_by_hand(before, line.state) is None:
        after = ", ".join(states_after(before))
        moved = ", having moved," if moves else ""
        raise Conflict(f"A number that is {before}{moved} can't become {line.state}.", f"It can become: {after}.")
    if line.state is NumberState.AUTHORISED and before is not NumberState.AUTHORISED:
        check_eligible(tx)
