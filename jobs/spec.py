"""What a job is."""

from collections.abc import Callable
from dataclasses import dataclass

from archive.wiring import Archive


@dataclass(frozen=True, slots=True)
class Job:
    """`run` does the work once for every organisation and says in a few words what it did."""

    name: str
    every_seconds: int
    about: str
    run: Callable[[Archive], str]
