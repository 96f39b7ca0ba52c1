"""Locations as an operator types them."""

import json
from pathlib import Path

from archive.access.organisations import OrganisationRow
from tests.cli.running import Terminal


def test_locations_are_added_changed_and_listed(terminal: Terminal, organisation: OrganisationRow) -> None:
    ran = terminal("location", "add", "Austin", "--country", "us", "--pstn", "provider", "--json")
    assert ran.code == 0
    added = json.loads(ran.out)[0]
    assert (added["country"], added["pstn"], added["street"]) == ("US", "provider", "")
    assert terminal("location", "change", "austin", "--name", "Austin HQ", "--city", "Austin").code == 0
    shown = terminal("location", "list").out
    assert "Austin HQ" in shown
    assert "Austin, US" in shown
    assert json.loads(terminal("location", "list", "--json").out)[0]["id"] == added["id"]
    assert terminal("location", "change", "AUSTIN", "--country", "").code == 0, "its former name leads to it"
    assert json.loads(terminal("location", "list", "--json").out)[0]["country"] == ""
    assert "There is no location 'Boston'" in terminal("location", "change", "Boston").err
    assert terminal("location", "add", "austin hq").code == 1


def test_locations_are_imported_after_a_dry_run(
    terminal: Terminal, organisation: OrganisationRow, tmp_path: Path
) -> None:
    path = tmp_path / "locations.csv"
    path.write_text("name,country\nAustin,US\nBoston,USA\n")
    dry = terminal("location", "import", str(path), "--dry-run", "--json")
    assert dry.code == 1
    assert (json.loads(dry.out)["added"], json.loads(dry.out)["refused"]) == (1, 1)
    assert json.loads(terminal("location", "list", "--json").out) == []
    ran = terminal("location", "import", str(path))
    assert ran.code == 1
    assert "1 added, 0 changed, 0 unchanged, 1 refused." in ran.out
