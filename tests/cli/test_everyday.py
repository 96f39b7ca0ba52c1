"""Setting up, numbers, imports and jobs from the command line."""

import json
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.clock import DAY, system_clock
from archive.runs import clock_store
from archive.settings import Settings, read_settings
from archive.wiring import Archive
from jobs.schedule import JOBS
from tests.cli.running import Terminal
from tests.items import OWN_NUMBER, item


@pytest.fixture
def new_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[Terminal, Settings]:
    """Where there is nothing yet."""
    data = tmp_path / "new" / "data"
    settings = read_settings({"TEXTARCHIVE_DATA": str(data)})
    return Terminal(settings, monkeypatch, capsys), settings


def test_init_makes_an_archive_and_shows_each_secret_once(new_terminal: tuple[Terminal, Settings]) -> None:
    terminal, settings = new_terminal
    ran = terminal("init", "--org", "Harbour Wealth", "--admin", "dana@harbour.example", "--json")
    assert ran.code == 0
    made = json.loads(ran.out)
    assert set(made) == {"organisation", "admin", "password", "api_key"}
    assert made["admin"] == "dana@harbour.example"
    assert made["api_key"].startswith("ta_")
    assert settings.master_key_file.stat().st_mode & 0o777 == 0o600
    again = terminal("init", "--org", "Second", "--admin", "noor@second.example")
    assert again.code == 0
    assert made["password"] not in again.out
    assert terminal("verify").code == 0


def test_init_of_a_name_that_is_there_ends_with_one_line(new_terminal: tuple[Terminal, Settings]) -> None:
    terminal, _ = new_terminal
    words = ("init", "--org", "Harbour Wealth", "--admin", "dana@harbour.example")
    assert terminal(*words).code == 0
    ran = terminal(*words)
    assert ran.code == 1
    assert ran.err.startswith("textarchive: There is an organisation 'Harbour Wealth' already.")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("words", [("verify",), ("number", "list"), ("jobs", "run", "checkpoints")], ids=" ".join)
def test_without_an_archive_a_command_says_what_to_do(
    new_terminal: tuple[Terminal, Settings], words: tuple[str, ...]
) -> None:
    ran = new_terminal[0](*words)
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "textarchive init" in ran.err


def test_numbers_are_added_listed_and_changed(terminal: Terminal, organisation: OrganisationRow) -> None:
    ran = terminal("number", "add", "(212) 555-0123", "--location", "Austin", "--json")
    assert ran.code == 0
    assert json.loads(ran.out)[0] | {"id": ""} == {
        "id": "", "number": OWN_NUMBER, "location": "Austin", "label": "", "state": "unauthorised",
    }  # fmt: skip
    assert terminal("number", "state", OWN_NUMBER, "authorised").code == 0
    assert json.loads(terminal("number", "list", "--json").out)[0]["state"] == "authorised"
    assert "+1 (212) 555-0123" in terminal("number", "list").out
    ran = terminal("number", "state", "+12125550199", "authorised")
    assert (ran.code, ran.out) == (1, "")
    assert "is not a number of Harbour Wealth" in ran.err


def test_a_number_is_shown_as_it_was(terminal: Terminal, organisation: OrganisationRow) -> None:
    added_at = system_clock()  # The commands go by the real time.
    assert terminal("number", "add", OWN_NUMBER, "--state", "authorised", "--label", "Kit").code == 0
    assert terminal("number", "assign", OWN_NUMBER, "--label", "Dana", "--reason", "Kit has left").code == 0
    history = json.loads(terminal("number", "show", OWN_NUMBER, "--json").out)["history"]
    assert [(each["label"], each["state"], each["reason"]) for each in history] == [
        ("Dana", "authorised", "Kit has left"),
        ("Kit", "authorised", ""),
    ]
    then = json.loads(terminal("number", "show", OWN_NUMBER, "--at", history[1]["since"], "--json").out)
    assert then["history"] == history[1:]
    assert "Kit has left" in terminal("number", "show", OWN_NUMBER).out
    before = terminal("number", "show", OWN_NUMBER, "--at", f"{added_at - DAY:%Y-%m-%d}")
    assert "It was not one of the numbers yet." in before.out
    assert terminal("number", "show", OWN_NUMBER, "--at", "yesterday").code == 1
    assert terminal("number", "show", "+12125550199").code == 1
    refused = terminal("number", "add", "+12125550199", "--state", "registered")
    assert refused.code == 2


def test_numbers_are_imported_after_a_dry_run(
    terminal: Terminal, organisation: OrganisationRow, tmp_path: Path
) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text(f"number,location\n{OWN_NUMBER},Austin\n\x1b[31m,Austin\n")
    dry = terminal("number", "import", str(path), "--dry-run", "--json")
    assert dry.code == 1
    told = json.loads(dry.out)
    assert (told["dry_run"], told["added"], told["refused"]) == (True, 1, 1)
    assert json.loads(terminal("number", "list", "--json").out) == []
    ran = terminal("number", "import", str(path))
    assert ran.code == 1
    assert "line     3" in ran.out
    assert "\x1b" not in ran.out
    assert json.loads(terminal("number", "list", "--json").out)[0]["number"] == OWN_NUMBER
    path.write_text(f"number,label\n{OWN_NUMBER},Kit\n")
    assert "1 changed" in terminal("number", "import", str(path)).out


def test_where_an_organisation_stands_is_shown_and_entered(terminal: Terminal, organisation: OrganisationRow) -> None:
    assert terminal("eligibility").out.count("open ") == 5
    assert terminal("eligibility", "--plan", "trial", "--add-on", "no").code == 0
    shown = json.loads(terminal("eligibility", "--add-on", "yes", "--json").out)
    assert shown["facts"] == {"add_on": True, "plan": "trial", "calling_plan": None}
    assert [rule["standing"] for rule in shown["rules"]] == ["met", "broken", "open"]
    refused = terminal("number", "add", OWN_NUMBER, "--state", "authorised")
    assert refused.code == 1
    assert "only enterprise customers may text" in refused.err


def test_files_are_previewed_imported_and_found_at_once(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    path = tmp_path / "texts.jsonl"
    lines = [json.dumps(item(f"SM{at}", text=f"closing number {at}")) for at in range(5)]
    path.write_text("\n".join([*lines, lines[0], "nonsense"]))
    foretold = json.loads(terminal("import", str(path), "--preview", "--json").out)
    assert foretold["preview"] is True
    ran = terminal("import", str(path), "--json")
    assert ran.code == 0
    told = json.loads(ran.out)["files"][0]
    assert {name: told[name] for name in ("total", "stored", "duplicate", "quarantined", "resumed")} == {
        "total": 7, "stored": 5, "duplicate": 1, "quarantined": 1, "resumed": 0,
    }  # fmt: skip
    assert foretold["files"][0] == told | {"expired": 0, "id": None}
    assert archive.index.texts(organisation.id) == 5
    assert archive.vault.names(""), "signed, and copied out of reach"
    assert terminal("verify").code == 0
    fates = tmp_path / "fates.csv"
    ran = terminal("import", str(path), "--fates", str(fates))
    assert "0 stored, 6 duplicate" in ran.out
    told = fates.read_text().splitlines()
    assert (told[0], len(told)) == ("file,place,status,serial,flags,reason", 8)
    assert told[7].startswith("texts.jsonl,line 7,quarantined,")
    assert "closing number" not in fates.read_text()
    assert terminal("import", str(path), "--preview", "--fates", str(fates)).code == 2


def test_a_table_is_imported_by_a_profile(terminal: Terminal, organisation: OrganisationRow, tmp_path: Path) -> None:
    columns = ("from=Sender", "to=Receiver", "text=Words", "direction=Way")
    words = [word for column in columns for word in ("--column", column)]
    ran = terminal("profile", "save", "Acme", *words, "--constant", "provider=acme", "--inbound", "MO")
    assert ran.code == 0, ran.err
    assert "is always acme" in ran.out
    assert "can't be two" in terminal("profile", "save", "Other", *words, "--column", "status=Words").err
    path = tmp_path / "table.csv"
    path.write_text(f"Sender;Receiver;Words;Way\n+14155550188;{OWN_NUMBER};Hello;MO\n")
    foretold = terminal("import", str(path), "--profile", "acme", "--preview").out
    assert f"line 2: stored, inbound, +14155550188 → {OWN_NUMBER}, no time: Hello" in foretold
    told = json.loads(terminal("import", str(path), "--profile", "acme", "--json").out)["files"][0]
    assert (told["stored"], told["total"]) == (1, 1)
    assert "Known are twilio, Acme" in terminal("import", str(path), "--profile", "Acne").err
    assert terminal("profile", "rename", "acme", "Acme Mobile").code == 0
    assert [one["name"] for one in json.loads(terminal("profile", "list", "--json").out)] == ["twilio", "Acme Mobile"]
    assert terminal("profile", "remove", "Acme Mobile").code == 0
    assert terminal("profile", "remove", "twilio").code == 1


def test_an_import_that_can_not_be_read_ends_with_one(
    terminal: Terminal, organisation: OrganisationRow, tmp_path: Path
) -> None:
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 4)
    ran = terminal("import", str(tmp_path / "noise.bin"))
    assert ran.code == 1
    assert "Traceback" not in ran.err


def test_a_job_is_done_when_asked_for(terminal: Terminal, archive: Archive, serials: list[int]) -> None:
    before = {row["name"]: row for row in json.loads(terminal("jobs", "--json").out)}
    assert before.keys() >= {"checkpoints", "index", "clock"}
    assert {row["state"] for row in before.values()} == {"new"}
    assert json.loads(terminal("jobs", "run", "checkpoints", "--json").out) == {
        "job": "checkpoints", "result": {"checkpoints_signed": 1},
    }  # fmt: skip
    after = {row["name"]: row for row in json.loads(terminal("jobs", "--json").out)}["checkpoints"]
    assert (after["state"], after["late"], after["failures"]) == ("good", False, 0)
    assert after["last_run"]["counts"] == {"checkpoints_signed": 1}
    assert "done: 1 checkpoints signed" in terminal("jobs").out
    assert terminal("jobs", "run", "index").out == "index: 3 texts indexed\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [("indx", "Did you mean index?"), ("nothing", f"Known are: {', '.join(job.name for job in JOBS)}.")],
)
def test_an_unknown_job_suggests_the_one_that_was_meant(terminal: Terminal, name: str, said: str) -> None:
    ran = terminal("jobs", "run", name)
    assert ran.code == 1
    assert ran.err == f"textarchive: There is no job {name!r}. {said}\n"


def test_a_job_that_fails_ends_with_one_line_and_is_in_the_list(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.across() as session:
        clock_store.see(session, system_clock() + 9 * DAY)
    ran = terminal("jobs", "run", "clock")
    assert ran.code == 1
    assert ran.err.startswith("textarchive: This machine's clock is 8 days behind the last moment that was seen")
    assert "failed: ClocksDisagree: This machine's clock is 8 days behind" in terminal("jobs").out


def test_the_clock_is_shown_doubted_and_confirmed(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow
) -> None:
    assert json.loads(terminal("clock", "--json").out) | {"machine": "", "database": ""} == {
        "machine": "", "database": "", "last_seen": None, "agree": True, "problems": [],
    }  # fmt: skip
    with archive.transactions.across() as session:
        clock_store.see(session, system_clock() - 401 * DAY)
    ran = terminal("clock")
    assert ran.code == 1
    assert "This machine's clock is 401 days ahead of the last moment" in ran.out
    assert "`textarchive clock confirm` says so" in ran.out
    assert terminal("clock", "confirm").code == 0
    assert "They agree." in terminal("clock").out


def test_an_unknown_command_or_setting_is_named(
    terminal: Terminal, organisation: OrganisationRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "There is no command 'verfy'" in terminal("verfy").err
    monkeypatch.setenv("TEXTARCHIVE_DATABSE_URL", "x")
    ran = terminal("verify")
    assert ran.code == 1
    assert "Did you mean TEXTARCHIVE_DATABASE_URL?" in ran.err
