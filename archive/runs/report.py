"""How a job stands, in the words that the command line, the pages and programs share."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.runs.due import is_held, is_late, next_due
from archive.runs.model import Counts, JobState, Outcome, Run


class Phase(StrEnum):
    """How a job stands, in one word: the first of these that is true."""

    LATE = "late"
    RUNNING = "running"
    FAILED = "failed"
    NEW = "new"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class JobReport:
    """A job at one moment. `last` is its newest run that did something or went wrong."""

    state: JobState
    last: Run | None
    now: datetime

    @property
    def phase(self) -> Phase:
        if is_late(self.state, self.now):
            return Phase.LATE
        if is_held(self.state, self.now):
            return Phase.RUNNING
        if self.state.outcome is Outcome.FAILED:
            return Phase.FAILED
        return Phase.GOOD if self.state.good_at else Phase.NEW

    @property
    def next_due(self) -> datetime:
        return next_due(self.state, self.now)


def in_words(counts: Counts) -> str:
    """`3 texts indexed, 1 checkpoints signed`."""
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())
