"""What becomes of each line of a table that is taken in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.core.errors import ArchiveError, Conflict


class Outcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fate:
    """`subject`: what the line is about. `why` says of a refused one what is wrong and what to do."""

    line: int
    subject: str
    outcome: Outcome
    why: str = ""


class Taking:
    """Takes lines one after the other; a refused one costs the others nothing. `take` has to look before it writes."""

    def __init__(self) -> None:
        self.fates: list[Fate] = []
        self._seen: dict[str, int] = {}

    def one(self, line: int, subject: str, fault: str | None, take: Callable[[], Outcome], key: str = "") -> None:
        """`key`: what may be in the file once only; the subject, unless it is said."""
        key = key or subject
        try:
            if fault:
                raise Conflict(fault)
            if key in self._seen:
                raise Conflict(f"{subject} is in line {self._seen[key]} already.", "Leave one of them out.")
            self.fates.append(Fate(line, subject, take()))
            self._seen[key] = line
        except ArchiveError as problem:
            self.fates.append(Fate(line, subject, Outcome.REFUSED, str(problem)))


def counts_of(fates: Sequence[Fate]) -> dict[str, int]:
    """Outcome → how many lines had it, those that none had included."""
    return {outcome.value: sum(fate.outcome is outcome for fate in fates) for outcome in Outcome}
