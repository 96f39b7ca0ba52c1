"""CSV records (RFC 4180) with their exact bytes and line numbers, read one at a time, whatever is broken
in between."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from archive.intake.files.model import LARGEST
from archive.intake.files.source import Counted, physical_lines

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Record:
    """`line` is where the record begins. Exactly one of `cells` and `problem` is there."""

    line: int
    raw: bytes
    cells: list[str] | None
    problem: str | None = None


class _Endless(Exception):
    """A quote opened and wasn't closed within the bytes that one record may have."""


class Records:
    """Iterate over it. `delimiter` may be set before the first record is taken, once `peek` has shown the
    header."""

    def __init__(self, stream: Counted, delimiter: str = ",") -> None:
        self.delimiter = delimiter
        self._lines = physical_lines(stream)
        self._again: deque[tuple[int, bytes, bool]] = deque()

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        while (first := self._next_line()) is not None:
            number, raw, cut = first
            if cut:
                problem = f"This line is longer than {LARGEST:,} bytes; only its beginning is kept here."
                return Record(number, raw, None, problem)
            if raw.strip():
                return self._record(number, raw)
        raise StopIteration

    def peek(self) -> str:
        """The first physical line, which stays to be read."""
        line = self._next_line()
        if line is None:
            return ""
        self._again.appendleft(line)
        return line[1].decode("utf-8", "replace").removeprefix(BYTE_ORDER_MARK)

    def _record(self, number: int, first: bytes) -> Record:
        taken = [(number, first, False)]
        try:
            # The module's own strictness is what tells a stray quote from a text; guessing would change
            # the text.
            cells = next(csv.reader(self._decoded(taken), delimiter=self.delimiter, strict=True))
        except (_Endless, StopIteration):
            return self._unclosed(taken)
        except csv.Error as error:
            # A field that goes on over many lines until the module's own limit is a forgotten quote as well.
            if "unexpected end" in str(error) or ("field limit" in str(error) and len(taken) > 1):
                return self._unclosed(taken)
            return Record(number, _bytes(taken), None, f"This row isn't CSV: {error}.")
        raw = _bytes(taken)
        if any("\udc80" <= character <= "\udcff" for cell in cells for character in cell):
            return Record(number, raw, None, "This row isn't UTF-8. Export the file as UTF-8 and import it again.")
        return Record(number, raw, cells)

    def _unclosed(self, taken: list[tuple[int, bytes, bool]]) -> Record:
        """Gives the lines after the first back, so that one stray quote doesn't swallow what follows it."""
        self._again.extendleft(reversed(taken[1:]))
        number, raw, _ = taken[0]
        return Record(number, raw.rstrip(b"\r\n"), None, "A quote is opened in this row and never closed.")

    def _decoded(self, taken: list[tuple[int, bytes, bool]]) -> Iterator[str]:
        number, raw, _ = taken[0]
        text = raw.decode("utf-8", "surrogateescape")
        yield text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text
        size = len(raw)
        while (line := self._next_line()) is not None:
            taken.append(line)
            size += len(line[1])
            if size > LARGEST or line[2]:
                raise _Endless
            yield line[1].decode("utf-8", "surrogateescape")

    def _next_line(self) -> tuple[int, bytes, bool] | None:
        return self._again.popleft() if self._again else next(self._lines, None)


def _bytes(taken: list[tuple[int, bytes, bool]]) -> bytes:
    return b"".join(raw for _, raw, _ in taken).rstrip(b"\r\n")
