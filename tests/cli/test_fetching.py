"""`textarchive provider reading` and `textarchive pull twilio …`, before lists of our own."""

import json
from collections.abc import Iterator

import pytest

from archive.access.organisations import OrganisationRow
from tests.cli.running import Terminal
from tests.pulling.fake_lists import FakeLists, fake_lists
from tests.pulling.listing import ACCOUNT, list_twilio, of_twilio

SECRET = "auth-token-of-twilio"


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLists]:
    with fake_lists() as server:
        monkeypatch.setenv("TEXTARCHIVE_PROVIDER_URLS", f"twilio={server.url}")
        list_twilio(server, [of_twilio(number) for number in range(3)], day="2026-03-01")
        yield server


def test_credentials_are_given_and_days_are_fetched(
    terminal: Terminal, organisation: OrganisationRow, lists: FakeLists
) -> None:
    terminal("provider", "connect", "twilio", ACCOUNT, stdin="a signing secret\n")
    days = ("pull", "twilio", ACCOUNT, "--from", "2026-03-01", "--to", "2026-03-02")
    assert "Enter its credentials" in terminal(*days).err
    wrong = terminal("provider", "reading", "twilio", ACCOUNT, stdin='{"key": "x"}\n')
    assert (wrong.code, "'key' is none of the credentials" in wrong.err) == (1, True)
    assert terminal("provider", "reading", "twilio", ACCOUNT, stdin="what?\n").code == 1
    given = terminal("provider", "reading", "twilio", ACCOUNT, stdin=json.dumps({"secret": SECRET}) + "\n")
    assert (given.code, given.out) == (0, "The credentials are kept, sealed.\n")
    done = terminal(*days)
    assert done.code == 0, done.err
    assert "2026-03-01 of 2026-03-03: 2 new, 0 known" in done.err
    assert done.out.startswith("done: 3 new, 0 known already, 0 reports, 0 in quarantine; listed from 2026-03-01T00")
    told = json.loads(terminal(*days, "--json").out)
    assert (told["ended"], told["new"], told["duplicates"]) == ("done", 0, 3)
    lists.faults = [401]
    failed = terminal(*days)
    assert "  Twilio doesn't accept the credentials. Enter those" in terminal("provider", "list").out
    (listed,) = json.loads(terminal("provider", "list", "--json").out)
    assert (listed["reading"]["ended"], listed["reading"]["through_at"]) == ("failed", None)
    assert (failed.code, "Twilio doesn't accept the credentials." in failed.out) == (1, True)
    assert terminal("pull", "twilio", ACCOUNT, "--from", "March").code == 1
    assert terminal("pull", "webex", "--from", "2026-03-01").code == 1
    assert terminal("pull", "webex", "O1", "--dry-run").code == 1
    assert terminal("provider", "reading", "twilio", ACCOUNT, "--end").code == 0
    assert terminal(*days).code == 1
    assert SECRET not in failed.out + failed.err + given.out + terminal("provider", "list", "--json").out
