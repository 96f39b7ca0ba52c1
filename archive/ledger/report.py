"""What verifying has found, and what it is told beforehand of records that are gone for a reason."""

from collections.abc import Container
from dataclasses import dataclass, field

MOST_FAULTS = 1_000


@dataclass(frozen=True, slots=True)
class Fault:
    serial: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.serial is None else f"#{self.serial}: {self.what}"


@dataclass(slots=True)
class Report:
    """What `verify` found. Good when there are no faults.

    `purged` records are gone, and a certificate says so; `expired` are details of entries whose key is destroyed.
    """

    entries: int = 0
    records: int = 0
    purged: int = 0
    expired: int = 0
    lost: int = 0
    checkpoints: int = 0
    size: int = 0
    root: bytes = b""
    faults: list[Fault] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.faults

    def fault(self, serial: int | None, what: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(serial, what))


@dataclass(frozen=True, slots=True)
class Purged:
    """Serials of records that must be gone, since that is certified, and of those that are about to go."""

    certified: Container[int] = frozenset()
    going: Container[int] = frozenset()


NOTHING_PURGED = Purged()
