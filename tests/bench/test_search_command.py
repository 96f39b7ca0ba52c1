"""`textarchive bench search`, small: every row is there, whatever it says on this machine."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.bench.search import table
from archive.bench.search.engine import bytes_below
from archive.bench.search.questions import KINDS
from archive.cli.bench import bench

SMALL = ("--messages", "1000", "--rounds", "1", "--stored", "300")
NAMES = [
    *("index, texts/s", "disk, bytes a text"),
    *(f"page, {kind}: p50 / p95 ms" for kind in KINDS),
    *(f"count, {kind}: p50 / p95 ms" for kind in KINDS),
    *("1,000 more, stored and visible, ms", "open in a new process, s", "its memory, MB"),
    *("its memory after every question, MB", "page of 300, opened: p50 / p95 ms", "rebuild of 300, texts/s"),
]


def test_every_row_is_printed_with_its_aims_and_nothing_is_left_behind(tmp_path: Path) -> None:
    ran = CliRunner().invoke(bench, ["search", *SMALL, "--folder", str(tmp_path)], catch_exceptions=False)
    assert ran.exit_code == 0
    head, columns, *rest = ran.stdout.splitlines()
    assert head.startswith("1,000 texts over 400 days")
    assert columns.split() == ["ours", "FTS5", "tantivy", "Whoosh", "aims"]
    assert [line[: len(name)] for line, name in zip(rest, NAMES, strict=False)] == NAMES
    assert all(re.search(r"[≤≥] \d+", line) for line in rest[: len(NAMES)])
    assert "The aims are for 1,000,000 texts." in rest
    assert bytes_below(tmp_path) == 0


def test_as_json_it_is_the_same_as_data(tmp_path: Path) -> None:
    options = ("--json", "--clock", "processor", "--seed", "5", "--folder", str(tmp_path))
    ran = CliRunner().invoke(bench, ["search", *SMALL, *options], catch_exceptions=False)
    data = json.loads(ran.stdout)
    assert (data["texts"], data["seed"], data["clock"]) == (1000, 5, "processor")
    assert [row["name"] for row in data["rows"]] == NAMES
    by_name = {row["name"]: row for row in data["rows"]}
    assert set(by_name["index, texts/s"]["figures"]) == {"ours", "FTS5", "tantivy", "Whoosh"}
    assert len(by_name["page, phrase: p50 / p95 ms"]["figures"]["ours"]) == 2
    assert {aim["of"]: aim["least"] for aim in by_name["index, texts/s"]["aims"]} == {"× Whoosh": 15, "× tantivy": 0.25}


@pytest.mark.parametrize("option", ["--messages", "--rounds", "--stored"])
def test_nothing_is_not_measured(option: str) -> None:
    ran = CliRunner().invoke(bench, ["search", option, "0"])
    assert ran.exit_code == 2
    assert option in ran.stderr


def test_a_name_fits_its_column() -> None:
    assert max(map(len, NAMES)) < table._NAME
