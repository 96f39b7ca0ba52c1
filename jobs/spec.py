"""What a job is."""

from collections.abc import Callable
from dataclasses import dataclass

from archive.runs.model import Counts, Duty
from archive.wiring import Archive


@dataclass(frozen=True, slots=True)
class Job:
    """`run` does the work once for every organisation and says in numbers what it did: {"texts_indexed": 3}.

    It is due each `every_seconds`, for a daily job at `at_seconds` after midnight UTC. `has_work` may look, quickly and
    changing nothing, whether there is anything to do; a due time with nothing to do then costs no more than that.

    The archive that `run` is given refuses to commit once another process has taken the work over.
    """

    name: str
    every_seconds: int
    about: str
    run: Callable[[Archive], Counts]
    at_seconds: int = 0
    has_work: Callable[[Archive], bool] | None = None

    @property
    def duty(self) -> Duty:
        return Duty(self.name, self.every_seconds, self.at_seconds, self.about)
