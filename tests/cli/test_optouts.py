"""Opt-outs as an operator types them."""

import json
from pathlib import Path

from archive.access.organisations import OrganisationRow
from archive.wiring import Archive
from tests.cli.running import Terminal
from tests.taking_in import OTHER, OWN, own_number, take_in, text


def test_opt_outs_are_added_listed_and_withdrawn(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow
) -> None:
    own_number(archive, organisation)
    added = json.loads(terminal("optout", "add", OTHER, "--number", OWN, "--note", "By phone", "--json").out)
    assert (added["party"], added["own_number"], added["how"]) == (OTHER, OWN, "person")
    assert json.loads(terminal("optout", "list", "--json").out) == [added]
    assert "+1 (415) 555-0188    to +1 (212) 555-0123" in terminal("optout", "list").out
    assert terminal("optout", "withdraw", str(added["entry"]), "--note", "Signed").code == 0
    assert terminal("optout", "list").out == ""
    assert "is no time" in terminal("optout", "add", OTHER, "--note", "x", "--at", "noon").err


def test_violations_and_suspicions(terminal: Terminal, archive: Archive, organisation: OrganisationRow) -> None:
    out = {"direction": "outbound", "from": OWN, "to": [OTHER]}
    serials = take_in(
        archive, organisation, [text(1, "Leave me alone"), text(30, "Sure?", **out), text(31, "no me envíen nada")]
    )
    assert f"#{serials[0]}  may be an opt-out" in terminal("optout", "suspicions").out
    terminal("optout", "suspicions", "--confirm", str(serials[0]))
    assert json.loads(terminal("optout", "suspicions", "--dismiss", str(serials[2]), "--json").out) == []
    assert f"#{serials[1]}" in terminal("optout", "list", "--violations").out
    assert "whole organisation" in terminal("optout", "reach", "organisation").out


def test_a_list_is_exported_and_imported(terminal: Terminal, organisation: OrganisationRow, tmp_path: Path) -> None:
    terminal("optout", "add", OTHER, "--note", "By phone")
    file = tmp_path / "list.csv"
    assert terminal("optout", "export", str(file)).code == 0
    assert json.loads(terminal("optout", "import", str(file), "--json").out)["known"] == 1
    file.write_text("party,said_at\nnobody,2026-11-20T10:00:00Z\n")
    assert "line 2: 'nobody' is not a telephone number." in terminal("optout", "import", str(file)).out
    file.write_bytes(b"\xff")
    assert "can't be read" in terminal("optout", "import", str(file)).err
