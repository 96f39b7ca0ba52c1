"""`python -m archive.bench.search.opening DATA ORG LINE…`: what a new process pays until it can search.

Counted is what opening the index adds to an archive that is built already, to the first page of each line. Of the
memory, what is this process's own and changed (`Private_Dirty`): the index's files are mapped, and pages of them are
the system's to share and to take back.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive.bench.search.engines.ours import open_archive
from archive.bench.search.questions import PAGE
from archive.core.actor import OPERATOR
from archive.search.index import NotSearchable
from archive.search.query.parse import parse
from archive.search.resolve import resolve

_PROC = Path("/proc/self/smaps_rollup")


@dataclass(frozen=True, slots=True)
class Opening:
    """`seconds`, `mb`: until the first page. `warm_mb`: after a page of every line. None where it can't be told."""

    seconds: float
    mb: float | None
    warm_mb: float | None


def open_in_new_process(data: Path, org_id: int, lines: Sequence[str]) -> Opening:
    command = [sys.executable, "-m", "archive.bench.search.opening", str(data), str(org_id), *lines]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own command line.
    return Opening(**json.loads(done.stdout))


def _measure(data: Path, org_id: int, lines: Sequence[str]) -> dict[str, float | None]:
    archive = open_archive(data)
    with archive.transactions.read(org_id, OPERATOR) as tx:
        plans = [resolve(tx, parse(line)) for line in lines]
    before, began = _private_mb(), time.perf_counter()
    archive.index.page(org_id, plans[0], PAGE)
    seconds, opened = time.perf_counter() - began, _private_mb()
    for plan in plans:
        with suppress(NotSearchable):
            archive.index.page(org_id, plan, PAGE)
    warm = _private_mb()
    if before is None or opened is None or warm is None:
        return {"seconds": seconds, "mb": None, "warm_mb": None}
    return {"seconds": seconds, "mb": opened - before, "warm_mb": warm - before}


def _private_mb() -> float | None:
    if not _PROC.exists():
        return None
    counted = dict(line.split(":", 1) for line in _PROC.read_text().splitlines()[1:])
    return int(counted["Private_Dirty"].split()[0]) / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])))
