"""Whatever comes, a parser reads it or says no in its own words, and takes no more memory than there is.

For half a second each, so that each run of the tests tries some thousands; `.ci/fuzz` does so for a minute each, and
with another seed each time.
"""

import os
import resource
import time
from pathlib import Path

import pytest

from archive.intake.files import FORMATS
from archive.providers.listed.model import READERS
from archive.providers.model import DOORS
from tests.fuzzing.mutating import mutants
from tests.fuzzing.parsers import Parser, parsers

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0.5"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
MOST_MEGABYTES = 300
NAMES = (
    *(f"door-{name}" for name in DOORS),
    *(f"list-{name}" for name in READERS),
    *(f"file-{name}" for name in FORMATS),
    *(
        "file-by-profile",
        "file-of-any-format",
        "api-item",
        "api-body",
        "api-lines",
        "table",
        "query",
        "paper",
        "checkpoint",
        "proof",
    ),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> dict[str, Parser]:
    return parsers(tmp_path_factory.mktemp("samples"), shared)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", NAMES)
def test_a_parser_reads_it_or_says_no(name: str, found: dict[str, Parser]) -> None:
    parser, before = found[name], _megabytes()
    end = time.process_time() + SECONDS
    for number, raw in enumerate(mutants(parser.samples, SEED)):
        _try(parser, raw, f"number {number} of seed {SEED}")
        if time.process_time() > end:
            break
    assert _megabytes() - before < MOST_MEGABYTES


def _try(parser: Parser, raw: bytes, which: str) -> None:
    try:
        parser.read(raw)
    except parser.says_no:
        return
    except Exception as problem:
        raise AssertionError(f"{which}: {raw[:2_000]!r}") from problem


def _megabytes() -> float:
    """The most that this process has ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_every_parser_is_tried(found: dict[str, Parser]) -> None:
    assert set(found) == set(NAMES)
