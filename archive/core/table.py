"""A table in a file: CSV in UTF-8 with a header. Pure: bytes in, lines out.

What is wrong with a single line stands in it, so that it costs the others nothing.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.core.errors import BadInput, TooLarge

LARGEST = 5_000_000
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Cells:
    """One line of the file. `given`: column → what stands in it, only for columns that the file has."""

    line: int
    given: Mapping[str, str]
    fault: str | None = None


def read_cells(raw: bytes, columns: Sequence[str]) -> list[Cells]:
    """`columns` are those that are known; the first has to be there, and filled in.

    Raises `BadInput` or `TooLarge` if the file as a whole can't be read.
    """
    if len(raw) > LARGEST:
        raise TooLarge("The file is larger than 5 MB.", "Split it; each part needs the header.")
    if b"\0" in raw:
        raise BadInput("The file is no text.", "Save it as “CSV UTF-8”.")
    try:
        reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip().casefold() for name in next(reader, [])]
        _check(header, columns)
        lines = [_line(reader.line_num, header, columns[0], cells) for cells in _filled(reader)]
    except UnicodeDecodeError:
        raise BadInput("The file is not UTF-8.", "Save it as “CSV UTF-8”.") from None
    except csv.Error as problem:
        raise BadInput(f"The file is no CSV from line {reader.line_num} on: {problem}.", "Mend that line.") from None
    if len(lines) > LONGEST:
        raise TooLarge("The file has more than 20,000 lines.", "Split it; each part needs the header.")
    return lines


def _filled(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    return (cells for cells in reader if any(cell.strip() for cell in cells))


def _check(header: list[str], columns: Sequence[str]) -> None:
    known, first = ", ".join(columns), columns[0]
    unknown = [name for name in header if name not in columns]
    if first not in header:
        raise BadInput(f"Line 1 names no column `{first}`.", f"The columns are: {known}; only {first} has to be there.")
    if unknown:
        raise BadInput(f"Line 1 names a column that is not known: {unknown[0]!r}.", f"Known are: {known}.")
    if len(set(header)) < len(header):
        raise BadInput("Line 1 names a column twice.", "Leave one of them out.")


def _line(at: int, header: list[str], first: str, cells: list[str]) -> Cells:
    given = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    fault = None
    if len(cells) != len(header):
        fault = f"It has {len(cells)} columns where the header has {len(header)}. Quote cells that contain commas."
    elif not given[first]:
        fault = f"The {first} is missing. Fill it in."
    return Cells(at, given, fault)
