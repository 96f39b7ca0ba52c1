"""Completeness at the command line."""

import json
from pathlib import Path

import pytest

from archive.core.clock import DAY, day_of, system_clock
from tests.cli.running import Terminal
from tests.items import OWN_NUMBER


@pytest.mark.usefixtures("organisation")
def test_a_gap_ends_with_an_exit_code_until_somebody_acknowledges_it(terminal: Terminal, tmp_path: Path) -> None:
    on, table = str(day_of(system_clock() - 3 * DAY)), tmp_path / "counts.csv"
    table.write_text(f"day,provider,account,number,direction,count\n{on},twilio,AC1,{OWN_NUMBER},inbound,2\n")
    assert terminal("completeness", "expect", str(table)).out.endswith("1 added, 0 changed, 0 unchanged, 0 refused.\n")
    assert terminal("completeness").code == 0, "nobody has looked yet"
    assert "1 gaps opened" in terminal("jobs", "run", "completeness").out
    ran = terminal("completeness", "--number", OWN_NUMBER, "--from", on, "--to", on)
    assert ran.code == 1
    assert "expected         2  stored         0  indexed         0  lacking" in ran.out
    said = json.loads(terminal("completeness", "--from", on, "--json").out)
    (gap,) = said["gaps"]
    assert (gap["number"], gap["missing"], said["alarms"]) == (OWN_NUMBER, 2, {"not-stored": {"gaps": 1, "texts": 2}})
    assert terminal("doctor").code == 1
    assert terminal("completeness", "acknowledge", "--reason", "The provider's own test").code == 2
    known = terminal("completeness", "acknowledge", "--day", on, "--reason", "The provider's own test")
    assert (known.code, known.out) == (0, "Acknowledged: 1.\n")
    assert terminal("completeness", "acknowledge", gap["id"], "--reason", "Once more").code == 1
    ran = terminal("completeness", "--from", on)
    assert ran.code == 0
    assert "acknowledged" in ran.out
