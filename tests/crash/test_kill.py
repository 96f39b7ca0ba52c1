"""A few of the kills of `kill_server.py`, which does two hundred when it is run by hand."""

from pathlib import Path

from tests.crash.kill_server import run


def test_a_server_that_is_killed_keeps_its_word(tmp_path: Path) -> None:
    result = run(kills=10, seconds=45, seed=20261123, data=tmp_path / "data")
    assert result.problems == []
    assert result.kills >= 3
    assert result.acknowledged_before_the_end > 100
    assert result.stored == result.sent == result.indexed
