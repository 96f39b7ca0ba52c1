"""Users as an operator types them."""

import json
from pathlib import Path

from archive.access.organisations import OrganisationRow
from tests.cli.running import Terminal
from tests.items import OWN_NUMBER


def test_users_are_added_changed_and_listed(terminal: Terminal, organisation: OrganisationRow) -> None:
    terminal("number", "add", OWN_NUMBER)
    ran = terminal("user", "add", "Dana", "--email", "dana@harbour.example", "--primary-number", OWN_NUMBER, "--json")
    added = json.loads(ran.out)[0]
    assert (added["primary_number"], added["location"]) == (OWN_NUMBER, "")
    assert json.loads(terminal("number", "list", "--json").out)[0]["label"] == "Dana"
    assert terminal("user", "change", "dana@harbour.example", "--name", "Dana Brandt", "--location", "Austin").code == 0
    shown = terminal("user", "list").out
    for words in ("Dana Brandt", "+1 (212) 555-0123", "Austin"):
        assert words in shown
    assert json.loads(terminal("user", "change", "dana brandt", "--email", "", "--json").out)[0]["email"] == ""
    assert "There is no user 'Kit'" in terminal("user", "change", "Kit").err


def test_users_are_imported_after_a_dry_run(terminal: Terminal, organisation: OrganisationRow, tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("name,email\nDana,dana@harbour.example\nKit,x\n")
    assert json.loads(terminal("user", "import", str(path), "--dry-run", "--json").out)["added"] == 1
    assert json.loads(terminal("user", "list", "--json").out) == []
    assert "1 added" in terminal("user", "import", str(path)).out
