"""Spam reports as an operator types them."""

import json
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from archive.spam.finding import compare_new
from archive.wiring import Archive
from tests.cli.running import Terminal
from tests.spam.reporting import WORDS, sent
from tests.taking_in import OTHER, OWN, own_number


@pytest.fixture(autouse=True)
def number(archive: Archive, organisation: OrganisationRow) -> str:
    return own_number(archive, organisation)


def report(terminal: Terminal) -> str:
    at = ("--reporter", OTHER, "--at", "2026-11-20T12:00:00Z", "--words", WORDS)
    made = json.loads(terminal("spam", "report", OWN, *at, "--json").out)
    assert made["new"]
    return str(made["id"])


def test_a_report_is_taken_in_shown_and_decided(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow
) -> None:
    (serial,) = sent(archive, organisation, (4, WORDS))
    report_id = report(terminal)
    assert f"{report_id}  new" in terminal("spam", "list").out
    compare_new(archive.transactions, organisation.id)
    shown = terminal("spam", "show", report_id).out
    assert f"may be #{serial}  100 %: same parties, 3 minutes apart, 100 % of the words" in shown
    assert WORDS in shown
    change = ("--assign", "", "--due", "2026-12-01", "--tier", "tier-2", "--note", "Looking", "--suspend-number")
    assert terminal("spam", "triage", report_id, "--state", "investigating", *change, "--opt-out").code == 0
    data = json.loads(terminal("spam", "show", report_id, "--json").out)
    assert (data["state"], data["due_on"], data["fee_tier"]) == ("investigating", "2026-12-01", "tier-2")
    assert (data["serial"], data["reporter"]) == (serial, OTHER)
    assert "Looking" in terminal("spam", "show", report_id).out
    assert terminal("spam", "triage", report_id, "--tier", "none", "--note", "No fee").code == 0
    assert json.loads(terminal("spam", "list", "--state", "investigating", "--json").out)[0]["fee_tier"] is None
    assert terminal("spam", "list", "--state", "new").out == ""


def test_what_is_wrong_is_said(terminal: Terminal) -> None:
    report_id = report(terminal)
    for words, problem in (
        (("triage", report_id, "--state", "confirmed"), "can't become confirmed"),
        (("triage", report_id, "--due", "soon"), "is no day"),
        (("report", OWN, "--at", "noon"), "is no time"),
        (("show", "spm_nothing"), "There is no report"),
    ):
        ran = terminal("spam", *words)
        assert ran.code == 1
        assert problem in ran.err


def test_a_carrier_s_list_is_looked_at_and_imported(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"number,reference\n{OWN},C-1\n+12125550199,C-2\n")
    looked = terminal("spam", "import", str(file), "--dry-run")
    assert (looked.code, terminal("spam", "list").out) == (1, "")
    assert "1 new, 1 refused" in looked.out
    assert "line 3:" in looked.out
    file.write_text(f"number,reference\n{OWN},C-1\n")
    assert terminal("spam", "import", str(file)).code == 0
    assert json.loads(terminal("spam", "import", str(file), "--json").out)[0]["outcome"] == "known"


def test_what_was_dropped_is_counted(terminal: Terminal, archive: Archive) -> None:
    from archive.spam import inbox

    with archive.transactions.across() as session:
        inbox.drop(session, archive.clock(), inbox.UNKNOWN_NUMBER, 1_204)
    assert terminal("spam", "dropped").out == "2026-11-23     1,204  unknown-number\n"
    assert json.loads(terminal("spam", "dropped", "--json").out)[0]["count"] == 1_204


def test_the_packet_is_written(terminal: Terminal, tmp_path: Path) -> None:
    report_id = report(terminal)
    for ending, start in (("zip", b"PK"), ("pdf", b"%PDF")):
        ran = terminal("spam", "packet", report_id, str(tmp_path / f"packet.{ending}"))
        assert "missing: No Letter of Authorization" in ran.out
        assert (tmp_path / f"packet.{ending}").read_bytes().startswith(start)
