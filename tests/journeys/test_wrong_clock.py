"""A machine whose clock is put forward by more than a year: nothing goes, and everybody is told."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

AHEAD = "+401 days"
"""By then every text that came in today has had its time."""

TEXTS = [
    {
        "provider": "twilio",
        "provider_id": f"SM{number}",
        "direction": "inbound",
        "from": "+14155550123",
        "to": ["+12125550100"],
        "text": f"the closing date of house {number}",
    }
    for number in range(5)
]


class Machine:
    """The command line of one archive, at the time of day that it is or at another."""

    def __init__(self, folder: Path) -> None:
        self._environment = {**os.environ, "TEXTARCHIVE_DATA": str(folder / "data")}

    def run(self, *command: str, ahead: bool = False) -> subprocess.CompletedProcess[str]:
        shifted = ["faketime", AHEAD] if ahead else []
        line = [*shifted, "textarchive", *command]
        return subprocess.run(line, env=self._environment, capture_output=True, text=True, timeout=120, check=False)

    def good(self, *command: str, ahead: bool = False) -> str:
        done = self.run(*command, ahead=ahead)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def data(self, *command: str, ahead: bool = False) -> Any:
        return json.loads(self.good(*command, "--json", ahead=ahead))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if shutil.which("faketime") is None:
        assert not os.environ.get("CI"), "faketime is missing"
        pytest.skip("faketime is not installed (Debian: apt-get install faketime)")
    made = Machine(tmp_path)
    made.good("init", "--org", "Harbour Wealth", "--admin", "dana@example.com")
    lines = tmp_path / "texts.jsonl"
    lines.write_text("\n".join(map(json.dumps, TEXTS)))
    made.good("import", str(lines))
    for job in ("clock", "plan", "index", "segments", "checkpoints"):
        made.good("jobs", "run", job)
    return made


@pytest.mark.slow
def test_with_the_clock_put_forward_nothing_goes_and_the_alarm_is_seen(machine: Machine) -> None:
    for job in ("clock", "plan"):
        done = machine.run("jobs", "run", job, ahead=True)
        assert done.returncode == 1
        assert "401 days ahead of the last moment that was seen" in done.stderr
    assert "0 texts destroyed" in machine.good("jobs", "run", "purge", ahead=True)
    examined = machine.run("doctor", ahead=True)
    assert examined.returncode == 1
    assert "BROKEN clock" in examined.stdout
    assert machine.data("purge", "list", ahead=True) == []
    assert "5 texts found" in machine.good("search", "closing", ahead=True)
    machine.good("verify")
    assert "They agree" in machine.good("clock"), "once it is set right, all is as it was"


@pytest.mark.slow
def test_even_with_the_clock_confirmed_nothing_goes_before_a_person_allows_it(machine: Machine) -> None:
    machine.good("clock", "confirm", ahead=True)
    assert "5 texts planned" in machine.good("jobs", "run", "plan", ahead=True)
    assert "0 texts destroyed" in machine.good("jobs", "run", "purge", ahead=True)
    (batch,) = machine.data("purge", "list", ahead=True)
    assert (batch["state"], batch["texts"]) == ("waiting", 5)
    assert "5 texts found" in machine.good("search", "closing", ahead=True)
    assert machine.run("clock").returncode == 1, "set right, it is behind what was confirmed: that is said too"
    machine.good("verify")
