"""A table of providers' counts, taken in line by line; each line has its fate."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import cast

from archive.completeness.expecting import expect
from archive.completeness.model import Count
from archive.core.errors import BadInput
from archive.core.fates import Fate, Outcome, Taking
from archive.core.table import Cells, read_cells
from archive.messages.model import Direction
from archive.tx import Tx

COLUMNS = ("day", "provider", "account", "number", "direction", "count")
LONGEST_COUNT = 12


def read_table(raw: bytes) -> list[Cells]:
    """Raises `BadInput` or `TooLarge` if the file as a whole can't be read; what is wrong with a line stands in it."""
    return read_cells(raw, COLUMNS)


def take_table(tx: Tx, lines: Iterable[Cells]) -> list[Fate]:
    """A refused line changes nothing and costs the others nothing. To look first, give a transaction that reads."""
    taking = Taking()
    for line in lines:
        taking.one(line.line, _subject(line), line.fault, partial(_take, tx, line))
    return taking.fates


def _subject(line: Cells) -> str:
    parts = (line.given.get(name, "") for name in ("provider", "account", "number", "day", "direction"))
    return " ".join(part for part in parts if part)


def _take(tx: Tx, line: Cells) -> Outcome:
    given = line.given
    counted = Count(given.get("number") or None, _day(given["day"]), _direction(given), _texts(given))
    done = expect(tx, given.get("provider", ""), given.get("account", ""), [counted])
    if done.too_old:
        raise BadInput(f"{counted.day} is too long ago.", "Texts of that day may have been destroyed by now.")
    return Outcome.ADDED if done.added else Outcome.CHANGED if done.changed else Outcome.UNCHANGED


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise BadInput(f"{said!r} is no day.", "Write it like 2026-11-25.") from None


def _direction(given: Mapping[str, str]) -> Direction:
    """As it stands there; `expect` says what is wrong with any other word."""
    return cast(Direction, given.get("direction", "").lower())


def _texts(given: Mapping[str, str]) -> int:
    said = given.get("count", "")
    if not (said.isascii() and said.isdigit()) or len(said) > LONGEST_COUNT:
        raise BadInput(f"{said!r} is no number of texts.", "Write it in digits, without separators.")
    return int(said)
