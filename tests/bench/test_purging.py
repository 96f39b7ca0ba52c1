"""`textarchive bench retention`, small: every step is there, whatever it takes on this machine."""

import json
from pathlib import Path

from click.testing import CliRunner

from archive.cli.bench import bench
from archive.retention.batch import Step


def test_a_purge_is_measured_step_by_step_beside_a_bare_delete(tmp_path: Path) -> None:
    options = ["retention", "--messages", "1200", "--day", "20", "--folder", str(tmp_path)]
    ran = CliRunner().invoke(bench, [*options, "--json"], catch_exceptions=False)
    data = json.loads(ran.stdout)
    assert (data["messages"], data["destroyed"]) == (1200, 20)
    assert list(data["seconds"]) == ["plan", "begin", *(step.value for step in Step), "certificate"]
    assert data["total"] > data["bare"] > 0
    ran = CliRunner().invoke(bench, options, catch_exceptions=False)
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("20 of 1,200 texts:")
    assert [line[:34].strip() for line in lines[-3:]] == [
        "purge, certified and verified",
        "bare DELETE of the same rows",
        "purge verify, once more",
    ]
    assert not list(tmp_path.iterdir())
