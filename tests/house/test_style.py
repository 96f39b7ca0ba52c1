"""What the tools say, and what they don't: length, names, and what has no place in a file that is committed."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
ROOMS = ("archive", "jobs", "templates", "tests", "docs", ".ci")
LONGEST = 300
BANNED_NAMES = {"utils", "helpers", "common", "manager", "misc"}

# Longer than the house allows, each with its reason.
MAY_BE_LONG = {
    "archive/db/migrations/versions/0001_the_first_tables.py": "a statement for each table; never edited again",
    "archive/demo/conversations_property.py": "nothing but the demo's texts",
    "archive/demo/conversations_wealth.py": "nothing but the demo's texts",
}

# Put together from parts, so that this file does not hold what it forbids.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")
MACHINE = re.compile(r"(?<![\w/.])/(" + "|".join(("wo" + "rk", "far" + "m", "tmp/ba" + "sh_jobs")) + r")/")


def _files() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((PROJECT / room).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
    yield from (path for path in sorted(PROJECT.iterdir()) if path.is_file())


def _texts() -> Iterator[tuple[str, str]]:
    for path in _files():
        if path.suffix not in {".woff2", ".png", ".zip"} and not path.name.endswith(".min.js"):
            yield path.relative_to(PROJECT).as_posix(), path.read_text()


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [("check",), ("format", "--check")], ids=" ".join)
def test_ruff_finds_nothing(arguments: tuple[str, ...]) -> None:
    done = _run("ruff", *arguments, "--no-cache", "archive", "jobs", "tests")
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_nothing() -> None:
    done = _run("mypy", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_of_code_is_long() -> None:
    lengths = {name: text.count("\n") for name, text in _texts() if name.endswith((".py", ".html", ".js"))}
    long = {name: length for name, length in lengths.items() if length > LONGEST and not name.startswith("tests/")}
    assert long.keys() <= MAY_BE_LONG.keys(), long
    assert MAY_BE_LONG.keys() <= lengths.keys(), "the list names files that are gone"


def test_no_file_is_named_after_nothing() -> None:
    assert [path.as_posix() for path in _files() if path.stem in BANNED_NAMES] == []


def test_nothing_is_left_unfinished_and_no_machine_is_named() -> None:
    assert [name for name, text in _texts() if UNFINISHED.search(text) or MACHINE.search(text)] == []


def test_only_the_clock_reads_the_clock() -> None:
    """ruff knows two spellings of it; this knows the rest."""
    read = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time|time_ns)\(")
    found = [name for name, text in _texts() if name.startswith(("archive/", "jobs/")) and read.search(text)]
    assert found == ["archive/core/clock.py"]
