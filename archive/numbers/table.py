"""Numbers as a table in a file: CSV in UTF-8 with a header. Pure: bytes in, lines out."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from archive.core.errors import BadInput, TooLarge
from archive.numbers.model import NumberState

COLUMNS = ("number", "location", "label", "state", "reason")
LARGEST = 5_000_000
LONGEST = 20_000


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
    if len(raw) > LARGEST:
        raise TooLarge("The file is larger than 5 MB.", "Split it; each part needs the header.")
    try:
        reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip().casefold() for name in next(reader, [])]
        _check(header)
        lines = [_line(reader.line_num, header, cells) for cells in _filled(reader)]
    except UnicodeDecodeError:
        raise BadInput("The file is not UTF-8.", "Save it as “CSV UTF-8”.") from None
    except csv.Error as problem:
        raise BadInput(f"The file is no CSV from line {reader.line_num} on: {problem}.", "Mend that line.") from None
    if len(lines) > LONGEST:
        raise TooLarge("The file has more than 20,000 lines.", "Split it; each part needs the header.")
    return lines


def _filled(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    return (cells for cells in reader if any(cell.strip() for cell in cells))


def _check(header: list[str]) -> None:
    known = ", ".join(COLUMNS)
    unknown = [name for name in header if name not in COLUMNS]
    if "number" not in header:
        raise BadInput("Line 1 names no column `number`.", f"The columns are: {known}; only number has to be there.")
    if unknown:
        raise BadInput(f"Line 1 names a column that is not known: {unknown[0]!r}.", f"Known are: {known}.")
    if len(set(header)) < len(header):
        raise BadInput("Line 1 names a column twice.", "Leave one of them out.")


def _line(at: int, header: list[str], cells: list[str]) -> Line:
    given = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    number, state = given.get("number", ""), given.get("state", "").casefold()
    fault = None
    if len(cells) != len(header):
        fault = f"It has {len(cells)} columns where the header has {len(header)}. Quote cells that contain commas."
    elif not number:
        fault = "The number is missing. Fill it in."
    elif state and state not in list(NumberState):
        fault = f"There is no state {state!r}. Write one of: {', '.join(NumberState)}."
    known = NumberState(state) if state and not fault else None
    return Line(at, number, given.get("location"), given.get("label"), known, given.get("reason", ""), fault)
