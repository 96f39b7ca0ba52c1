"""The vault from the command line: its state, its repair, and a database that is lost and comes back."""

import json
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from archive.settings import Settings
from archive.wiring import Archive
from tests.cli.running import Terminal
from tests.items import line, take_in
from tests.object_store import ObjectStore

on_files = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_state_of_the_vault_is_told_in_words_and_as_data(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    before = json.loads(terminal("vault", "status", "--json").out)
    (row,) = before["organisations"]
    assert (row["organisation"], row["texts"], row["segments"]) == ("Harbour Wealth", 0, 0)
    assert row["entries_behind"] > 3
    assert terminal("jobs", "run", "segments").code == 0
    found = json.loads(terminal("vault", "status", "--json").out)
    (row,) = found["organisations"]
    assert found["kind"] == "folder"
    assert found["immutable"] is False
    assert found["keys"] == {"place": str(archive.settings.keys_backup), "final": True}
    assert (row["texts"], row["segments"], row["entries_behind"], row["last_error"]) == (3, 2, 0, None)
    assert row["bytes"] > 0
    ran = terminal("vault", "status")
    assert ran.code == 0
    assert "not immutable; a folder: whoever owns the machine can delete it." in ran.out
    assert "Harbour Wealth: 3 texts, 2 segments" in ran.out
    assert "0 entries (0 s) behind" in ran.out


def test_a_vault_that_lost_something_is_repaired(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    terminal("jobs", "run", "segments")
    (part,) = archive.vault.names(f"{organisation.public_id}/days/")
    root = archive.settings.vault
    assert isinstance(root, Path)
    (root / part).unlink()
    assert json.loads(terminal("vault", "repair", "--json").out) == [
        {"organisation": "Harbour Wealth", "objects_put_back": 1}
    ]
    assert terminal("vault", "repair").out == "Harbour Wealth: 0 objects put back.\n"
    assert archive.vault.has(part)


def lose(archive: Archive) -> None:
    archive.engine.dispose()
    for path in archive.settings.data.glob("archive.db*"):
        path.unlink()


@on_files
def test_a_lost_database_comes_back_with_one_command(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    terminal("jobs", "run", "segments")
    terminal("jobs", "run", "checkpoints")
    lose(archive)
    ran = terminal("restore", "--from-vault", "--json")
    told = json.loads(ran.out)
    (row,) = told["organisations"]
    assert (ran.code, told["good"]) == (0, True), told
    assert (row["organisation"], row["records"], row["lost_entries"], row["faults"]) == ("Harbour Wealth", 3, [], [])
    assert terminal("verify").code == 0
    assert terminal("jobs", "run", "index").out == "index: 3 texts indexed\n"
    assert "Friday" in terminal("search", "friday").out
    ran = terminal("restore", "--from-vault")
    assert ran.code == 1
    assert "in the database already" in ran.err


@on_files
def test_what_a_restore_could_not_bring_back_is_named_and_makes_it_fail(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    terminal("jobs", "run", "segments")
    late = take_in(archive, organisation.id, line("SM9", text="too late"))[0].serial
    terminal("jobs", "run", "checkpoints")
    (part,) = archive.vault.names(f"{organisation.public_id}/days/")
    lose(archive)
    root = archive.settings.vault
    assert isinstance(root, Path)
    (root / part).unlink()
    ran = terminal("restore", "--from-vault")
    assert ran.code == 1
    assert f"1 entries were lost with the database; their places are known: #{late}" in ran.out
    assert f"3 records are missing in the vault: #{serials[0]} to #{serials[-1]}" in ran.out
    assert "Nothing that was stored after 20" in ran.out
    assert "1 entries were lost with a database, as the ledger says" in terminal("verify").out


def test_restore_says_from_where(terminal: Terminal, archive: Archive) -> None:
    ran = terminal("restore")
    assert ran.code == 2
    assert "--from-vault" in ran.err


def test_a_folder_needs_no_making(terminal: Terminal, archive: Archive) -> None:
    ran = terminal("vault", "create")
    assert ran.code == 1
    assert "s3://bucket/prefix" in ran.err


def test_buckets_are_made_as_they_have_to_be(
    settings: Settings, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = object_store.new_bucket()[:20]
    monkeypatch.setenv("TEXTARCHIVE_VAULT", f"s3://{name}-vault/texts")
    monkeypatch.setenv("TEXTARCHIVE_KEYS_BACKUP", f"s3://{name}-keys")
    monkeypatch.setenv("TEXTARCHIVE_S3_ENDPOINT", object_store.endpoint)
    for role in ("ingest", "hold", "purge", "audit"):
        monkeypatch.setenv(f"TEXTARCHIVE_VAULT_{role.upper()}_PROFILE", role)
    monkeypatch.setenv("TEXTARCHIVE_KEYS_BACKUP_PROFILE", "ingest")
    terminal = Terminal(settings, monkeypatch, capsys)
    ran = terminal("vault", "create", "--profile", "admin")
    assert ran.out == f"s3://{name}-vault/texts: made.\ns3://{name}-keys: made.\n"
    assert "is there already" in terminal("vault", "create", "--profile", "admin").out
    found = json.loads(terminal("vault", "status", "--json").out)
    assert (found["kind"], found["immutable"], found["keys"]["final"]) == ("s3", True, True)
    assert "governance" in found["because"]


def test_secrets_for_a_store_of_ones_own_are_written_once_and_for_their_owner_alone(
    terminal: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert terminal("vault", "identities", str(folder), "--bucket", "texts").code == 0
    files = {path.name: path for path in folder.iterdir()}
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
    known = json.loads(files["object-store-identities.json"].read_text())["identities"]
    assert {each["name"] for each in known} == {"admin", "ingest", "hold", "purge", "audit"}
    scoped = [action for each in known if each["name"] != "admin" for action in each["actions"]]
    assert all(action.endswith(":texts") for action in scoped)
    assert not any("Bypass" in action for action in scoped)
    used = files["object-store-credentials"].read_text()
    for each in known:
        secret = each["credentials"][0]["secretKey"]
        assert (secret in used) == (each["name"] != "admin"), "the archive never holds the key to everything"
        assert (secret in files["object-store-admin"].read_text()) == (each["name"] == "admin")
    before = used
    assert terminal("vault", "identities", str(folder)).code == 1
    assert files["object-store-credentials"].read_text() == before
