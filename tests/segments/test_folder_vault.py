"""What only the folder does."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from archive.core.errors import BadInput
from archive.segments.folder_vault import FolderVault
from tests.conftest import StandingClock


@pytest.fixture
def vault(tmp_path: Path, clock: StandingClock) -> FolderVault:
    return FolderVault(tmp_path / "vault", clock=clock)


def test_files_are_read_only_and_folders_closed_to_others(vault: FolderVault, tmp_path: Path) -> None:
    vault.put_new("a/b/c", b"x", held=True)
    folder = tmp_path / "vault" / "a"
    assert stat.S_IMODE((folder / "b" / "c").stat().st_mode) == 0o400
    assert {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "vault", folder, folder / "b")} == {0o700}


def test_no_name_leads_out_of_the_vault(vault: FolderVault) -> None:
    for name in ("../out", "/etc/passwd", "a/../../b"):
        with pytest.raises(BadInput):
            vault.put_new(name, b"x")


def test_a_lock_that_a_crash_kept_from_being_written_is_written_the_next_time(
    vault: FolderVault, clock: StandingClock
) -> None:
    until = clock() + timedelta(days=1)
    vault.put_new("a/b", b"x")
    assert not vault.put_new("a/b", b"x", until)
    assert vault.lock_of(vault.versions("a/b")[0]).until == until
    assert not vault.put_new("a/b", b"x", until - timedelta(hours=1))
    assert vault.lock_of(vault.versions("a/b")[0]).until == until


def test_what_a_crash_left_behind_goes_with_the_rest_of_its_folder(vault: FolderVault, tmp_path: Path) -> None:
    vault.put_new("org/days/2027-12-28/1", b"x")
    (tmp_path / "vault/org/days/2027-12-28/.draft-abc").write_bytes(b"half of someth")
    vault.put_new("org/days/2027-12-29/1", b"x")
    assert vault.names("org/days/2027-12-28") == ["org/days/2027-12-28/1"]
    vault.delete(vault.versions("org/days/2027-12-28/"))
    assert [path.name for path in (tmp_path / "vault/org/days").iterdir()] == ["2027-12-29"]


def test_it_never_calls_itself_immutable(vault: FolderVault) -> None:
    enforcement = vault.enforcement()
    assert not enforcement.immutable
    assert "owns the machine" in enforcement.because


def test_writing_listing_and_deleting_at_once_stand_in_nobodys_way(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path / "vault")

    def write(number: int) -> None:
        for at in range(60):
            vault.put_new(f"org/day/{number}-{at}", b"sealed", held=False)

    def delete() -> None:
        for _ in range(120):
            vault.delete(vault.versions("org/day/"))

    with ThreadPoolExecutor(4) as pool:
        for running in [pool.submit(write, 1), pool.submit(write, 2), pool.submit(delete), pool.submit(delete)]:
            running.result()
    vault.delete(vault.versions("org/"))
    assert list((tmp_path / "vault").iterdir()) == [], "with the last object its folders go, and no draft is left"
