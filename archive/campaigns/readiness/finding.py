"""What a check finds, and the words that several of them look for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from archive.campaigns.readiness.submission import Submission


@dataclass(frozen=True, slots=True)
class Code:
    """A rejection as the system that makes it calls it. `resubmittable`: None where it doesn't say."""

    system: Literal["twilio", "dca2", "microsoft-teams"]
    code: str
    title: str
    resubmittable: bool | None = None

    def __str__(self) -> str:
        return f"{self.system} {self.code}"


@dataclass(frozen=True, slots=True)
class Finding:
    """`field` is the registry's name of it. A warning is a guess about content that a person has to look at."""

    code: Code
    field: str
    because: str
    change: str
    warning: bool = False


Found = Iterator[tuple[str, str, str]]
"""(field, because, what to change) of each fault."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rejection and the function that looks for it. `guess`: only a warning."""

    code: Code
    look: Callable[[Submission], Found]
    guess: bool = False
