"""Numbers as a table in a file. Pure: bytes in, lines out."""

from dataclasses import dataclass

from archive.core.table import Cells, read_cells
from archive.numbers.model import NumberState

COLUMNS = ("number", "location", "label", "state", "reason")


@dataclass(frozen=True, slots=True)
class Line:
    """`number` as it is written; None in the others: the file doesn't say. `fault`: why the line can't be read."""

    line: int
    number: str
    location: str | None = None
    label: str | None = None
    state: NumberState | None = None
    reason: str = ""
    fault: str | None = None


def read_table(raw: bytes) -> list[Line]:
    """Raises `BadInput` or `TooLarge` if the file as a whole can't be read; what is wrong with a line stands in it."""
    return [_line(cells) for cells in read_cells(raw, COLUMNS)]


def _line(cells: Cells) -> Line:
    given, fault = cells.given, cells.fault
    state = given.get("state", "").casefold()
    if state and state not in list(NumberState):
        fault = fault or f"There is no state {state!r}. Write one of: {', '.join(NumberState)}."
    known = NumberState(state) if state and not fault else None
    return Line(
        cells.line,
        given.get("number", ""),
        given.get("location"),
        given.get("label"),
        known,
        given.get("reason", ""),
        fault,
    )
