"""What is done to bring the tables into step: a step for each location, number and user."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from archive.core.errors import ArchiveError


class Outcome(StrEnum):
    """`vanished`: it is here, and Webex doesn't have it. Nothing is done about that."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Step:
    """`kind`: location, number or user. `why`: what changes, or what is wrong and what to do."""

    kind: str
    subject: str
    outcome: Outcome
    why: str = ""


class Steps:
    """Takes one after the other; a refused one costs the others nothing."""

    def __init__(self) -> None:
        self.taken: list[Step] = []

    def take(self, kind: str, subject: str, do: Callable[[], tuple[Outcome, str]]) -> None:
        try:
            self.taken.append(Step(kind, subject, *do()))
        except ArchiveError as problem:
            self.taken.append(Step(kind, subject, Outcome.REFUSED, str(problem)))

    def note(self, kind: str, subject: str, outcome: Outcome, why: str) -> None:
        self.taken.append(Step(kind, subject, outcome, why))


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Outcome, str]:
    """What is different, as `city: – → Austin`."""
    different = [name for name in before if before[name] != after[name]]
    changes = [f"{name}: {before[name] or '–'} → {after[name] or '–'}" for name in different]
    return (Outcome.CHANGED, ", ".join(changes)) if changes else (Outcome.UNCHANGED, "")


def counts_of(steps: Sequence[Step]) -> dict[str, int]:
    return {outcome.value: sum(step.outcome is outcome for step in steps) for outcome in Outcome}
