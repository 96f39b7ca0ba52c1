"""What an engine does for the benchmark. Shaping rows and questions is not timed; adding, finishing and asking is."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from archive.bench.search.questions import Question
from archive.search.index import IndexedText

Clock = Callable[[], float]
"""Seconds from wherever it began."""

CLOCKS: dict[str, Clock] = {"wall": time.perf_counter, "processor": time.process_time}
"""Processor time leaves out what others do on a busy machine, and also waiting for the disk."""


class Indexer(Protocol):
    """Takes texts."""

    @property
    def name(self) -> str: ...

    def shape(self, texts: Sequence[IndexedText]) -> Any:
        """The texts as this engine wants them."""

    def add(self, shaped: Any) -> None: ...

    def finish(self) -> None:
        """Everything that was added is stored and can be found."""


class Engine(Indexer, Protocol):
    """Takes texts and finds them."""

    def page(self, question: Question) -> Callable[[], list[int]] | None:
        """Asks for the serials of the newest 25 hits, newest first. None where the engine has no such question."""

    def count(self, question: Question) -> Callable[[], int] | None:
        """Asks how many hits there are, exactly."""

    @property
    def files(self) -> Path:
        """The folder in which everything of the engine lies."""

    def close(self) -> None: ...


def bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
