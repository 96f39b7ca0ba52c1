"""`textarchive pull webex` as an operator types it, before a Webex of our own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from tests.cli.running import Ran, Terminal
from tests.webex.fake_webex import TOKEN, FakeWebex, fake_webex, location, number, person

ONE = "+15125550100"


@pytest.fixture
def webex(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWebex]:
    with fake_webex() as server:
        server.say(
            [location("Austin \x1b[31m", "L1")],
            [number(ONE, "L1", ("P1", "Dana"))],
            [person("Dana", "P1", "dana@harbour.example", "L1")],
            {"L1": "CISCO_PSTN"},
        )
        monkeypatch.setenv("TEXTARCHIVE_WEBEX_URL", server.url)
        monkeypatch.setenv("TEXTARCHIVE_WEBEX_TOKEN", TOKEN)
        yield server


def pull(terminal: Terminal, *words: str, stdin: str = "") -> Ran:
    return terminal("pull", "webex", *words, stdin=stdin)


def test_what_would_change_is_shown_and_changed_once_somebody_says_so(
    terminal: Terminal, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    webex.lists["/v1/locations"] = [location("Austin", "L1")]
    dry = pull(terminal, "--dry-run")
    assert dry.code == 0
    assert "added     number    +1 (512) 555-0100" in dry.out
    assert "3 added, 0 changed, 0 unchanged, 0 refused, 0 vanished. Nothing was changed." in dry.out
    declined = pull(terminal, stdin="n\n")
    assert declined.code == 1
    assert "Change this in Harbour Wealth?" in declined.out
    assert json.loads(terminal("number", "list", "--json").out) == []
    done = pull(terminal, stdin="y\n")
    assert done.code == 0
    assert done.out.rstrip().endswith("3 added, 0 changed, 0 unchanged, 0 refused, 0 vanished.")
    assert json.loads(terminal("number", "list", "--json").out)[0]["label"] == "Dana"
    again = pull(terminal)
    assert again.code == 0
    assert "Change this" not in again.out
    assert "0 added, 0 changed, 3 unchanged" in again.out


def test_it_runs_without_asking_and_tells_programs(
    terminal: Terminal, organisation: OrganisationRow, webex: FakeWebex, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    done = pull(terminal, "--yes", "--json", "--token-file", str(file))
    assert done.code == 1, "a name that moves the cursor is refused"
    told = json.loads(done.out)
    assert (told["added"], told["refused"]) == (2, 1)
    assert TOKEN not in done.out + done.err


@pytest.mark.parametrize("token", ["", "a b", "ä"])
def test_without_a_token_nothing_is_asked(
    terminal: Terminal, organisation: OrganisationRow, webex: FakeWebex, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("TEXTARCHIVE_WEBEX_TOKEN", token)
    ran = pull(terminal)
    assert ran.code == 1
    assert "token" in ran.err
    assert webex.asked == []


def test_a_webex_that_refuses_leaves_everything_as_it_is(
    terminal: Terminal, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    webex.faults = ["serve", 403]
    ran = pull(terminal, "--yes")
    assert ran.code == 1
    assert "Webex answers 403 to /telephony/config/numbers. Check the scopes" in ran.err
    assert json.loads(terminal("location", "list", "--json").out) == []
