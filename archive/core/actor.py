"""Who does something: a person, an API key, a job, the operator at the command line, or a provider by its webhook."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["person", "key", "job", "operator", "provider"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Written into the ledger as `kind:name`. The name is an id or a job's name, never a person's own name."""

    kind: ActorKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


OPERATOR = Actor("operator", "cli")
