"""A backup from the command line, and a new machine from it."""

import json
import shutil
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from archive.settings import Settings
from archive.wiring import Archive
from tests.cli.running import Terminal
from tests.object_store import ObjectStore

on_files = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_files
def test_a_new_machine_comes_from_a_backup_and_the_master_key(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, serials: list[int], tmp_path: Path
) -> None:
    place = str(tmp_path / "backup")
    ran = terminal("backup", place)
    assert ran.code == 0, ran.err
    assert "Harbour Wealth: " in ran.out
    assert "0 outdated ones taken away" in ran.out
    told = json.loads(terminal("backup", place, "--check", "--json").out)
    assert told["place"] == f"{place}/vault"
    assert told["purges_reach_it"] is True
    assert (told["organisations"][0]["organisation"], told["organisations"][0]["deleted"]) == ("Harbour Wealth", 1)
    archive.engine.dispose()
    master = archive.settings.master_key_file.read_bytes()
    shutil.rmtree(archive.settings.data)
    archive.settings.data.mkdir()
    archive.settings.master_key_file.write_bytes(master)
    archive.settings.master_key_file.chmod(0o600)
    ran = terminal("restore", place, "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["good"], told["organisations"][0]["records"]) == (0, True, 3), told
    assert terminal("verify").code == 0
    assert terminal("jobs", "run", "index").out == "index: 3 texts indexed\n"
    assert "Friday" in terminal("search", "friday").out
    assert "in the database already" in terminal("restore", place).err


def test_a_backup_goes_into_a_bucket_and_one_that_keeps_versions_is_pointed_out(
    settings: Settings,
    archive: Archive,
    serials: list[int],
    object_store: ObjectStore,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TEXTARCHIVE_S3_ENDPOINT", object_store.endpoint)
    monkeypatch.setenv("TEXTARCHIVE_BACKUP_PROFILE", "admin")
    terminal = Terminal(settings, monkeypatch, capsys)
    told = json.loads(terminal("backup", f"s3://{object_store.new_bucket(locking=False)}/nightly", "--json").out)
    assert told["purges_reach_it"] is True
    ran = terminal("backup", f"s3://{object_store.new_bucket()}/nightly")
    assert ran.code == 0
    assert "keeps versions" in ran.err


def test_a_place_that_is_none_is_refused(terminal: Terminal, archive: Archive) -> None:
    assert "Give it a folder, or s3://bucket/prefix." in terminal("backup", "ftp://somewhere").err
    ran = terminal("restore", "/somewhere", "--from-vault")
    assert ran.code == 2
    assert "Say from where" in ran.err
