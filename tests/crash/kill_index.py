"""Kills a process that writes a search index at random moments, and looks whether anything is lost, doubled or left.

`python tests/crash/kill_index.py --kills 50` starts a writer again and again. It adds texts a few at a time (so that it
compacts all the while), purges some, gives months up and mends them, and writes into a journal what it is about to do
and when it is done. At a random moment it is killed with SIGKILL. Then the index is opened as by any other process:
everything in the journal is there, what was not finished is there whole or not at all, nobody holds the lock, the next
commit removes the dead files, no word of a purged text is in any file, every folder is its owner's alone.
"""

import argparse
import json
import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from archive.search.index import IndexedText  # noqa: E402
from archive.search.query.parse import parse  # noqa: E402
from archive.search.whoosh.disk import Disk  # noqa: E402
from archive.search.whoosh.engine import WhooshIndex  # noqa: E402
from tests.search import corpus  # noqa: E402
from tests.search.asking import ORG, all_pages, plan_of  # noqa: E402
from tests.search.oracle import Oracle  # noqa: E402

JOURNAL, INDEX = "journal", "index"
LONGEST_LIFE = 1.5
"""Seconds from the first commit to the kill, at most: some fifty commits."""

START_SECONDS = 120.0
MANY = 7
"""So many segments of a month become one with the next."""

LINES = ("", "refund*", "colour~", '"call back"', "direction:in -wire", "明天", "from:72975", "after:2025-12-01")

Step = dict[str, Any]


def text_of(serial: int) -> IndexedText:
    """The same for the same serial, in every process; each has a word of its own."""
    text = corpus.make_text(random.Random(serial), serial)
    return replace(text, text=f"{text.text} {word_of(serial)}")


def word_of(serial: int) -> str:
    return f"zq{serial}secret"


@dataclass
class Model:
    """What should be there, by the journal."""

    position: int = 0
    present: set[int] = field(default_factory=set)

    def after(self, step: Step) -> "Model":
        if step["do"] == "add":
            return Model(step["last"], self.present | set(range(step["first"], step["last"] + 1)))
        if step["do"] == "purge":
            return Model(self.position, self.present - set(step["serials"]))
        return Model(self.position, self.present)


def read_journal(path: Path) -> tuple[Model, Step | None]:
    """What was done, and what was begun and not finished."""
    model, begun = Model(), None
    for line in path.read_text().splitlines() if path.exists() else []:
        step: Step = json.loads(line)
        if step["do"] == "done" and begun:
            model, begun = model.after(begun), None
        elif step["do"] == "began again":
            model, begun = Model(step["position"], set(step["present"])), None
        elif step["do"] != "sync":
            begun = step
    return model, begun


class Journal:
    """SIGKILL loses nothing that was handed to the kernel."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(self, **step: Any) -> None:
        os.write(self._descriptor, json.dumps(step).encode() + b"\n")


class TellingDisk(Disk):
    """Says that it is writing, so that the report can tell where the kills fell."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def sync(self, path: Path) -> None:
        self._journal.note(do="sync", name=path.suffix or "folder")
        super().sync(path)


def write_for_ever(folder: Path, seed: int) -> None:
    chance, journal = random.Random(seed), Journal(folder / JOURNAL)
    index = WhooshIndex(folder / INDEX, TellingDisk(journal))
    model = _recovered(index, journal, folder)
    while True:
        for step, work in _steps(index, model, chance, folder / INDEX / str(ORG)):
            journal.note(**step)
            work()
            journal.note(do="done")
            model = model.after(step)


def _recovered(index: WhooshIndex, journal: Journal, folder: Path) -> Model:
    """As a follower does it: asks the index where it is, and mends what is lost."""
    model, begun = read_journal(folder / JOURNAL)
    if begun and not _is_as(index, model):
        model = model.after(begun)
    journal.note(do="began again", position=model.position, present=sorted(model.present))
    lacking = index.compare(ORG, model.present, model.position).lacking
    journal.note(do="mend")
    index.mend(ORG, [text_of(serial) for serial in lacking], (), index.state(ORG), done=True)
    journal.note(do="done")
    return model


def _is_as(index: WhooshIndex, model: Model) -> bool:
    """A month that is lost says nothing; there is none while texts are added or purged."""
    difference = index.compare(ORG, model.present, index.position(ORG))
    return (
        not difference.extra
        and index.position(ORG) == model.position
        and (not difference.lacking or bool(index.state(ORG).lost))
    )


def _steps(
    index: WhooshIndex, model: Model, chance: random.Random, folder: Path
) -> Iterator[tuple[Step, Callable[[], object]]]:
    first = model.position + 1
    last = model.position + chance.choice([1, 2, 5, 30])
    texts = [text_of(serial) for serial in range(first, last + 1)]
    compacts = any(len(list((folder / period).glob("*.seg"))) >= MANY for period in {text.period for text in texts})
    yield (
        {"do": "add", "first": first, "last": last, "compacts": compacts},
        lambda: index.add(ORG, texts, last),
    )
    present = {*model.present, *range(first, last + 1)}
    if chance.random() < 0.3:
        gone = chance.sample(sorted(present), min(len(present), chance.choice([1, 10, 60])))
        yield {"do": "purge", "serials": gone}, lambda: index.purge(ORG, gone)
    elif chance.random() < 0.1:
        yield {"do": "mend"}, lambda: _lose_and_mend(index, present, chance)


def _lose_and_mend(index: WhooshIndex, present: set[int], chance: random.Random) -> None:
    index.give_up(ORG, [chance.choice(corpus.PERIODS)])
    since = index.state(ORG)
    lacking = [text_of(serial) for serial in index.compare(ORG, present, since.position).lacking]
    half = len(lacking) // 2
    index.mend(ORG, lacking[:half], (), since, done=False)
    index.mend(ORG, lacking[half:], (), since, done=True)


@dataclass
class Result:
    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    texts: int = 0
    purged: int = 0
    dead_files: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        where = ", ".join(f"{count} while {what}" for what, count in sorted(self.kills.items()))
        head = (
            f"{self.kills.total()} kills in {self.seconds:.0f} s ({where}): {self.texts:,} texts at the end,"
            f" {self.purged:,} purged, {self.dead_files:,} dead files removed."
        )
        return "\n".join([head, *(f"  PROBLEM: {problem}" for problem in self.problems[:50])])


def run(kills: int, seconds: float, seed: int, folder: Path, say: Callable[[str], object] = print) -> Result:
    """Up to `kills` kills, or as many as fit in `seconds`."""
    chance, result, begin = random.Random(seed), Result(), time.monotonic()
    while result.kills.total() < kills and time.monotonic() - begin < seconds:
        _live_and_die(folder, chance)
        _examine(folder, result)
        if result.kills.total() % 10 == 0:
            say(f"{result.kills.total()} kills, {result.texts:,} texts, {len(result.problems)} problems")
    result.seconds = time.monotonic() - begin
    return result


def _live_and_die(folder: Path, chance: random.Random) -> None:
    journal = folder / JOURNAL
    before = journal.stat().st_size if journal.exists() else 0
    command = [sys.executable, str(Path(__file__)), "--write", str(folder), "--seed", str(chance.randrange(2**31))]
    with subprocess.Popen(command, cwd=PROJECT) as process:
        end = time.monotonic() + START_SECONDS
        while not (journal.exists() and journal.stat().st_size > before):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The writer did not start (exit code {process.poll()}).")
            time.sleep(0.005)
        time.sleep(chance.random() * LONGEST_LIFE)
        process.send_signal(signal.SIGKILL)


def _examine(folder: Path, result: Result) -> None:
    model, begun = read_journal(folder / JOURNAL)
    index = WhooshIndex(folder / INDEX)
    if begun and not _is_as(index, model):
        model = model.after(begun)
    result.kills[_where(folder / JOURNAL, begun)] += 1
    result.problems += _problems_of_content(index, model)
    result.dead_files += sum(fault.what.endswith("not belong here.") for fault in index.check(ORG))
    index.give_up(ORG, [])  # Raises IndexBusy if anybody still had the lock.
    result.problems += [fault.what for fault in index.check(ORG) if "being indexed again" not in fault.what]
    result.problems += _problems_of_files(folder / INDEX, model)
    result.texts, result.purged = len(model.present), model.position - len(model.present)


def _where(journal: Path, begun: Step | None) -> str:
    """In which step, and how far it was: a commit of texts that compacts has more files to write."""
    if begun is None:
        return "between two"
    lines = [json.loads(line)["do"] for line in journal.read_text().splitlines()]
    written = "writing" if lines[-1] == "sync" else "computing"
    what = "compact" if begun.get("compacts") else begun["do"]
    return f"{what} was {written}"


def _problems_of_content(index: WhooshIndex, model: Model) -> Iterator[str]:
    state = index.state(ORG)
    if state.position != model.position:
        yield f"the position is {state.position}, not {model.position}"
    lost = {serial for serial in model.present if text_of(serial).period in state.lost}
    found = [serial for serial, _ in all_pages(index, "", 500)]
    if len(found) != len(set(found)) or not model.present - lost <= set(found) <= model.present:
        yield f"of {len(model.present)} texts {len(set(found) & model.present)} are found, {len(found)} hits in all"
    if state.texts + sum(state.lost.values()) != len(model.present):
        yield f"{state.texts} texts and {dict(state.lost)} lost are not {len(model.present)}"
    oracle = Oracle([text_of(serial) for serial in found])
    for line in LINES:
        if all_pages(index, line, 60) != oracle.hits(parse(line)) or index.count(ORG, plan_of(line)) != len(
            oracle.hits(parse(line))
        ):
            yield f"{line!r} is not answered as the oracle answers it"


def _problems_of_files(folder: Path, model: Model) -> Iterator[str]:
    content = b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for serial in set(range(1, model.position + 1)) - model.present:
        if word_of(serial).encode() in content:
            yield f"{word_of(serial)} was purged, and is still in a file"
    for path in (folder / str(ORG), *(path for path in folder.rglob("*") if path.is_dir())):
        if stat.S_IMODE(path.stat().st_mode) != 0o700:
            yield f"{path.name} can be read by others"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=1800.0, help="begin no further kill after so many seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.write:
        write_for_ever(chosen.write, chosen.seed)
    with tempfile.TemporaryDirectory() as folder:
        result = run(chosen.kills, chosen.seconds, chosen.seed, Path(folder))
    print(result)
    sys.exit(1 if result.problems else 0)


if __name__ == "__main__":
    main()
