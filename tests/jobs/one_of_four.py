"""A process that looks at one job for as long as it lives; `test_many_schedulers.py` starts four and kills some.

Time is what the test has written into a file that all of them share, so it passes when the test says so. The job
records an entry in the ledger with the process's id. Told to by a file, it stops short of that and waits.
"""

import mmap
import os
import struct
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from archive.core.actor import OPERATOR
from archive.core.clock import from_micros, to_micros
from archive.ledger.entry import Event
from archive.runs.model import Counts
from archive.settings import read_settings
from archive.wiring import Archive, build
from jobs.spec import Job
from jobs.turn import look

PROCESSES = 4
_SLOT = struct.Struct("<q")


class Counted(Event, frozen=True, kw_only=True):
    kind = "test.counted"
    private: ClassVar[frozenset[str]] = frozenset()
    process: int


class Shared:
    """The clock, and behind it how often each process has looked."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SLOT.size * (1 + PROCESSES))

    @staticmethod
    def make(path: Path) -> "Shared":
        path.write_bytes(bytes(_SLOT.size * (1 + PROCESSES)))
        return Shared(path)

    def __call__(self) -> datetime:
        return from_micros(self._get(0))

    def set(self, moment: datetime) -> None:
        self._put(0, to_micros(moment))

    def looked(self, number: int) -> int:
        return self._get(1 + number)

    def look_again(self, number: int) -> None:
        self._put(1 + number, self.looked(number) + 1)

    def _get(self, slot: int) -> int:
        value: int = _SLOT.unpack_from(self._memory, slot * _SLOT.size)[0]
        return value

    def _put(self, slot: int, value: int) -> None:
        _SLOT.pack_into(self._memory, slot * _SLOT.size, value)


def count(archive: Archive) -> Counts:
    folder = Path(sys.argv[1])
    if (folder / "trap").exists():
        (folder / "trapped.draft").write_text(str(os.getpid()))
        (folder / "trapped.draft").rename(folder / "trapped")
        while (folder / "trap").exists():
            time.sleep(0.005)
    with archive.transactions.write(1, OPERATOR) as tx:
        tx.record(Counted(process=os.getpid()))
    return {"counted": 1}


JOB = Job("count", 1, "Count.", count)


def main() -> None:
    number, shared = int(sys.argv[2]), Shared(Path(sys.argv[1]) / "shared")
    archive = build(read_settings(os.environ), clock=shared)
    while True:
        look(archive, JOB)
        shared.look_again(number)
        time.sleep(0.002)


if __name__ == "__main__":
    main()
