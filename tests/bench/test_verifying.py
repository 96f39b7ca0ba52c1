"""`textarchive bench verify`, small: both rows are there, whatever they say on this machine."""

import json
from pathlib import Path

from click.testing import CliRunner

from archive.cli.bench import bench


def test_verifying_is_measured_beside_the_cryptography_alone(tmp_path: Path) -> None:
    options = ["verify", "--messages", "5000", "--rounds", "1", "--folder", str(tmp_path)]
    ran = CliRunner().invoke(bench, options, catch_exceptions=False)
    assert [line.split("  ")[0] for line in ran.stdout.splitlines()[1:]] == [
        "opening and hashing alone",
        "verify, one core",
    ]
    ran = CliRunner().invoke(bench, [*options, "--json"], catch_exceptions=False)
    data = json.loads(ran.stdout)
    assert data["records"] == 5000
    assert len(data["bare"]) == len(data["verify"]) == 1
    assert not list(tmp_path.iterdir())
