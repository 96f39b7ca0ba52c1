"""A table of complaints, taken in line by line; each line has its fate."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from archive.core.errors import ArchiveError, BadInput
from archive.spam.events import SpamImported
from archive.spam.recording import take_report
from archive.spam.table import Line, read_table
from archive.tx import Tx


class Outcome(StrEnum):
    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a line; `why` says of a refused one what is wrong and what to do."""

    line: int
    number: str
    outcome: Outcome
    why: str = ""


def import_complaints(tx: Tx, raw: bytes) -> list[Fate]:
    """A refused line costs the others nothing. To look first, give a transaction that reads."""
    fates = take_lines(tx, read_table(raw))
    counts = Counter(fate.outcome.value for fate in fates)
    tx.record(SpamImported(sha256=hashlib.sha256(raw).hexdigest(), counts=dict(counts)))
    return fates


def take_lines(tx: Tx, lines: Iterable[Line]) -> list[Fate]:
    return [_take(tx, line) for line in lines]


def _take(tx: Tx, line: Line) -> Fate:
    try:
        if line.report is None:
            raise BadInput(line.fault)
        taken = take_report(tx, line.report)
    except ArchiveError as problem:
        return Fate(line.line, line.number, Outcome.REFUSED, str(problem))
    return Fate(line.line, line.number, Outcome.NEW if taken.new else Outcome.KNOWN)
