import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.core.errors import BadInput, NotFound
from archive.segments.folder_vault import FolderVault


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "vault")


def test_what_was_put_is_got_back_and_named_in_order(vault: FolderVault) -> None:
    assert vault.put_new("org/checkpoints/002", b"two")
    assert vault.put_new("org/checkpoints/001", b"one")
    assert vault.get("org/checkpoints/001") == b"one"
    assert vault.names("org/checkpoints/") == ["org/checkpoints/001", "org/checkpoints/002"]
    assert vault.names("other/") == []


def test_a_name_that_is_taken_is_never_written_again(vault: FolderVault) -> None:
    assert vault.put_new("a/b", b"first")
    assert not vault.put_new("a/b", b"second")
    assert vault.get("a/b") == b"first"


def test_of_many_writers_of_one_name_exactly_one_wins(vault: FolderVault) -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda number: vault.put_new("a/race", b"%d" % number), range(64)))
    assert won.count(True) == 1
    assert vault.get("a/race") == b"%d" % won.index(True)
    assert vault.names("a/") == ["a/race"]


def test_files_are_read_only_and_folders_closed_to_others(vault: FolderVault, tmp_path: Path) -> None:
    vault.put_new("a/b", b"x")
    assert stat.S_IMODE((tmp_path / "vault" / "a" / "b").stat().st_mode) == 0o400
    assert stat.S_IMODE((tmp_path / "vault" / "a").stat().st_mode) == 0o700


def test_no_name_leads_out_of_the_vault(vault: FolderVault) -> None:
    for name in ("../out", "/etc/passwd", "a/../../b"):
        with pytest.raises(BadInput):
            vault.put_new(name, b"x")


def test_a_missing_name_says_so(vault: FolderVault) -> None:
    with pytest.raises(NotFound, match="TEXTARCHIVE_VAULT"):
        vault.get("a/b")
