"""purge and verify-certificate, as an operator and a stranger type them. The archive is 402 days old."""

import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow, create_organisation, list_organisations
from archive.core.actor import OPERATOR
from archive.core.clock import day_of, system_clock
from archive.segments import names
from archive.settings import Settings
from archive.wiring import Archive, build
from tests.cli.running import Terminal, run_alone
from tests.conftest import StandingClock
from tests.holds.ordering import texts
from tests.items import line, take_in
from tests.retention.purging import plan

NOW = system_clock()
CAME_IN = NOW - timedelta(days=402)
DAY = day_of(CAME_IN + timedelta(days=400))


@pytest.fixture
def past(settings: Settings) -> Iterator[Archive]:
    """Texts came in 402 days ago; what is typed happens now."""
    made = build(settings, clock=StandingClock(CAME_IN))
    create_organisation(made.transactions, "Harbour Wealth", OPERATOR, made.settings.public_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def organisation(past: Archive) -> OrganisationRow:
    with past.transactions.glance() as session:
        return list_organisations(session)[0]


@pytest.fixture
def planned(past: Archive, organisation: OrganisationRow) -> str:
    """The batch of two texts, planned a week before its day."""
    texts(past, organisation, {"text": "first"}, {"text": "second"})
    _plan(past, organisation)
    return DAY.isoformat()


@pytest.fixture
def stopped(past: Archive, organisation: OrganisationRow) -> str:
    """A batch that is everything there is: more than a person should have to believe in."""
    take_in(past, organisation.id, *(line(f"SM{at}") for at in range(120)))
    _plan(past, organisation)
    return DAY.isoformat()


def _plan(past: Archive, organisation: OrganisationRow) -> None:
    clock = past.clock
    assert isinstance(clock, StandingClock)
    clock.advance(days=393)
    assert len(plan(past, organisation)) == 1


def test_a_batch_is_listed_carried_out_looked_at_and_proven(terminal: Terminal, planned: str, tmp_path: Path) -> None:
    (listed,) = json.loads(terminal("purge", "list", "--json").out)
    assert (listed["id"], listed["state"], listed["texts"]) == (planned, "planned", 2)
    assert planned in terminal("purge", "list").out
    ran = terminal("purge", "run")
    assert (ran.code, ran.out) == (0, f"Harbour Wealth: {planned} certified, 2 texts and items destroyed\n")
    shown = json.loads(terminal("purge", "show", planned, "--json").out)
    assert shown["state"] == "certified"
    assert list(shown["steps"]) == ["checked", "copies", "index", "keys", "log", "rows", "sealing", "vault"]
    assert "certified" in terminal("purge", "show", planned).out
    assert terminal("purge", "verify", planned).code == 0
    assert json.loads(terminal("purge", "verify", planned, "--json").out)["good"] is True
    file, key = tmp_path / "certificate.json", tmp_path / "archive.pub"
    file.write_text(terminal("purge", "certificate", planned).out)
    key.write_text(terminal("key").out)
    alone = run_alone("verify-certificate", str(file), "--public-key", str(key), environment={})
    assert alone.code == 0
    assert "destroyed 2 texts and 0 quarantined items" in alone.out
    printed = tmp_path / "certificate.pdf"
    said = terminal("purge", "certificate", planned, "--pdf", str(printed)).out
    assert sha256(printed.read_bytes()).hexdigest() in said
    as_json = json.loads(terminal("verify-certificate", str(file), "--public-key", str(key), "--json").out)
    assert (as_json["good"], as_json["certificate"]["batch"]) == (True, planned)
    assert json.loads(terminal("verify", "--json").out)["organisations"][0]["purged"] == 2
    assert terminal("purge", "run").out == "Harbour Wealth: nothing is due\n"


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        ('\\"texts\\":2', '\\"texts\\":3'),
        ("Harbour", "Harbor"),
        ("certificate-v1", "certificate-v2"),
        ("{", "["),
        ('"signature"', '"sign"'),
        ('"signature": "', '"signature": "A'),
    ],
)
def test_a_certificate_with_one_change_is_not_good(
    terminal: Terminal, planned: str, tmp_path: Path, was: str, is_now: str
) -> None:
    terminal("purge", "run")
    whole = terminal("purge", "certificate", planned).out
    assert was in whole
    file = tmp_path / "certificate.json"
    file.write_text(whole.replace(was, is_now, 1))
    ran = terminal("verify-certificate", str(file), "--public-key", terminal("key").out.strip())
    assert ran.code == 1
    assert "NOT GOOD" in ran.out
    ran = terminal("verify-certificate", str(file), "--public-key", terminal("key").out.strip(), "--json")
    assert (ran.code, json.loads(ran.out)["good"]) == (1, False)


def test_a_stopped_batch_waits_until_its_number_is_typed(
    terminal: Terminal, stopped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2 % is the limit" in terminal("purge", "run").out
    assert json.loads(terminal("purge", "list", "--json").out)[0]["state"] == "waiting"
    refused = terminal("purge", "approve", stopped, stdin="119\n")
    assert refused.code == 1
    assert "2 % is the limit" in refused.err
    allowed = terminal("purge", "approve", stopped, stdin="120\n")
    assert (allowed.code, "approved" in allowed.out) == (0, True)
    assert "120 texts and items destroyed" in terminal("purge", "run").out


def test_all_that_wait_are_approved_at_once_without_asking(terminal: Terminal, stopped: str) -> None:
    (approved,) = json.loads(terminal("purge", "approve", "--all", "--yes", "--json").out)
    assert (approved["state"], approved["approved_by"]) == ("approved", str(OPERATOR))
    assert "No batch waits" in terminal("purge", "approve", "--all", "--yes").err


@pytest.mark.parametrize("words", [[], ["2027-01-01", "--all"]])
def test_one_says_which_batches_or_all_of_them(terminal: Terminal, planned: str, words: list[str]) -> None:
    ran = terminal("purge", "approve", *words)
    assert ran.code == 1
    assert "or give --all" in ran.err


@pytest.mark.parametrize("everywhere", [[], ["--everywhere"]])
def test_purging_stops_and_goes_on(terminal: Terminal, planned: str, everywhere: list[str]) -> None:
    assert terminal("purge", "stop", "--reason", "Looks wrong", *everywhere).code == 0
    ran = json.loads(terminal("purge", "run", "--json").out)
    assert "Purging was stopped" in ran[0]["stopped"]
    assert "Purging was stopped" in terminal("purge", "run").out
    assert "Purging was stopped" in terminal("purge", "list").out
    assert terminal("purge", "resume", *everywhere).code == 0
    assert json.loads(terminal("purge", "run", "--json").out)[0]["certified"] == [planned]


def test_what_is_not_there_is_said_so(terminal: Terminal, planned: str) -> None:
    assert "no purge batch 2020-01-01" in terminal("purge", "show", "2020-01-01").err
    assert "no certificate yet" in terminal("purge", "certificate", planned).err
    assert "not certified yet" in terminal("purge", "verify", planned).err
    assert "Nothing is due" in terminal("purge", "plan").out


def test_what_is_left_of_a_batch_ends_with_one(
    terminal: Terminal, past: Archive, organisation: OrganisationRow, planned: str
) -> None:
    terminal("purge", "run")
    past.vault.put_new(f"{names.day_folder(organisation.public_id, planned)}0", b"somebody has put it back")
    ran = terminal("purge", "verify", planned)
    assert ran.code == 1
    assert "NOT ALL GONE" in ran.out
