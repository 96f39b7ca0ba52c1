"""Holds and retention as an operator types them."""

import json

import pytest

from archive.access.organisations import OrganisationRow
from archive.holds.releasing import ask_release
from archive.retention.changing import propose, set_policy
from archive.retention.model import EVERYTHING
from archive.retention.period import Period
from archive.wiring import Archive
from tests.cli.running import Terminal
from tests.holds.ordering import DANA, LEE

PLACE = ("hold", "place", "--matter", "Miller v. Harbour", "--reason", "Letter of counsel")


def test_a_hold_is_placed_listed_and_shown(terminal: Terminal, serials: list[int]) -> None:
    dry = terminal(*PLACE, "--query", "friday", "--dry-run", "--json")
    assert json.loads(dry.out) == {"covered": 1, "held": 0, "soon": 0, "being_destroyed": 0}
    placed = json.loads(terminal(*PLACE, "--query", "friday", "--with", "(415) 555-0188", "--json").out)
    assert (placed["preserved"], placed["being_destroyed"]) == (1, 0)
    said = terminal(*PLACE, "--serial", str(serials[0]), "--serial", str(serials[1]))
    assert "2 preserved; 0 were already being destroyed." in said.out
    listed = json.loads(terminal("hold", "list", "--json").out)
    assert [(one["serials"], one["query"], one["texts"]) for one in listed] == [
        (serials[:2], "", 2),
        ([], "friday with:+14155550188", 1),
    ]
    assert "Miller v. Harbour: friday with:+14155550188" in terminal("hold", "list").out
    shown = terminal("hold", "show", placed["id"])
    assert "1 texts are under it; releasing it frees 1" in shown.out
    assert json.loads(terminal("hold", "show", placed["id"], "--json").out)["release"]["freed"] == 1


def test_the_operator_asks_but_cannot_allow_what_he_asked_for(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    hold_id = json.loads(terminal(*PLACE, "--query", "friday", "--json").out)["id"]
    unsaid = terminal("hold", "release", hold_id)
    assert (unsaid.code, "Ask for it with --reason WHY" in unsaid.err) == (1, True)
    assert "release asked" in terminal("hold", "release", hold_id, "--reason", "Settled").out
    again = terminal("hold", "release", hold_id)
    assert (again.code, "--approve 1" in again.err) == (1, True)
    own = terminal("hold", "release", hold_id, "--approve", "1")
    assert (own.code, "Whoever asked for it can't allow it." in own.err) == (1, True)
    assert "is in force" in terminal("hold", "release", hold_id, "--refuse").out
    with archive.transactions.write(organisation.id, DANA) as tx:
        ask_release(tx, hold_id, "Settled")
    assert terminal("hold", "release", hold_id, "--approve", "5").code == 1
    released = json.loads(terminal("hold", "release", hold_id, "--approve", "1", "--json").out)
    assert (released["state"], released["release"]["freed"]) == ("released", 1)
    assert terminal("hold", "release", hold_id, "--approve", "1", "--refuse").code == 1


def test_a_text_says_why_it_is_here(terminal: Terminal, serials: list[int]) -> None:
    said = terminal("why", str(serials[0]))
    assert said.out == (
        "It goes on 2027-12-28, because policy version 1 keeps a text for 400 days after it was received.\n"
    )
    terminal(*PLACE, "--serial", str(serials[0]))
    held = json.loads(terminal("why", str(serials[0]), "--json").out)
    assert (held["because"], held["until"], held["may_go"]) == ("held", None, False)
    assert held["holds"][0]["matter"] == "Miller v. Harbour"
    assert terminal("why", "999999").code == 1


def test_policies_are_listed_made_longer_and_made_shorter_by_two(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    assert "version 1: 400 days for everything" in terminal("policy", "list").out
    assert "Version 2 is in force: 3 years for everything." in terminal("policy", "set", "--years", "3").out
    short = terminal("policy", "set", "--days", "400")
    assert (short.code, "may be shorter" in short.err) == (1, True)
    proposed = json.loads(terminal("policy", "propose", "--days", "400", "--existing", "--json").out)
    assert (proposed["sooner"], proposed["first"]) == (3, "2027-12-28")
    own = terminal("policy", "approve", proposed["id"], "--sooner", "3")
    assert (own.code, "Whoever asked" in own.err) == (1, True)
    assert terminal("policy", "refuse", proposed["id"]).out == f"{proposed['id']} is refused.\n"
    with archive.transactions.write(organisation.id, LEE) as tx:
        wanted = propose(tx, EVERYTHING, Period(days=500), existing=False)[0].id
    assert wanted in terminal("policy", "list").out
    assert json.loads(terminal("policy", "list", "--json").out)["proposals"][0]["id"] == wanted
    assert "500 days" in terminal("policy", "approve", wanted, "--sooner", "0").out


@pytest.mark.parametrize(
    "words",
    [
        ("hold", "place", "--matter", "M", "--reason", "R"),
        (*PLACE, "--query", "held:yes"),
        (*PLACE, "--query", '"open'),
        (*PLACE, "--with", "+1 415"),
        ("hold", "show", "hld_nothing"),
        ("policy", "set", "--days", "30"),
        ("policy", "set"),
        ("policy", "set", "--days", "500", "--number", "+12125550123", "--campaign", "C"),
    ],
)
def test_what_says_too_little_or_too_much_is_refused_in_one_line(
    terminal: Terminal, serials: list[int], words: tuple[str, ...]
) -> None:
    ran = terminal(*words)
    assert ran.code == 1
    assert ran.err.startswith("textarchive: ") and ran.err.count("\n") == 1


def test_a_policy_for_one_number_is_named_by_it(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, EVERYTHING, Period(years=3))
    made = json.loads(terminal("policy", "set", "--years", "6", "--number", "(212) 555-0123", "--json").out)
    assert (made["number"], made["years"], made["version"]) == ("+12125550123", 6, 3)
