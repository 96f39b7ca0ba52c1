"""A few of the kills of `kill_index.py`, which does fifty when it is run by hand."""

from pathlib import Path

from tests.crash.kill_index import run


def test_an_index_whose_writer_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    result = run(kills=6, seconds=30, seed=20261124, folder=tmp_path)
    assert result.problems == []
    assert result.kills.total() >= 2
    assert result.texts + result.purged > 50
