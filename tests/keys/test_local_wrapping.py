"""The master key of our own: its file, its spelling, and what it refuses to open."""

import stat
from pathlib import Path

import pytest

from archive.core.errors import Conflict, Damaged, NotReady
from archive.keys.local_kms import LocalWrapper, make_master_key, parse_master_key, read_master_key

SECRET = bytes(range(32))
MASTER = bytes(range(32, 64))


def test_what_is_wrapped_opens_again_and_is_not_readable_in_between() -> None:
    wrapper = LocalWrapper(MASTER)
    wrapped = wrapper.wrap(SECRET, "organisation 1, key 2, day 2027-12-28")
    assert SECRET not in wrapped
    assert wrapper.unwrap(wrapped, "organisation 1, key 2, day 2027-12-28") == SECRET


def test_the_same_secret_is_never_wrapped_the_same_way_twice() -> None:
    wrapper = LocalWrapper(MASTER)
    assert wrapper.wrap(SECRET, "here") != wrapper.wrap(SECRET, "here")


def test_a_wrapped_key_that_was_moved_does_not_open() -> None:
    wrapped = LocalWrapper(MASTER).wrap(SECRET, "organisation 1")
    with pytest.raises(Damaged, match="organisation 2"):
        LocalWrapper(MASTER).unwrap(wrapped, "organisation 2")


def test_another_master_key_opens_nothing() -> None:
    wrapped = LocalWrapper(MASTER).wrap(SECRET, "here")
    with pytest.raises(Damaged, match="does not open with this master key"):
        LocalWrapper(SECRET).unwrap(wrapped, "here")


@pytest.mark.parametrize("at", [0, 12, -1])
def test_one_changed_byte_is_noticed(at: int) -> None:
    wrapped = bytearray(LocalWrapper(MASTER).wrap(SECRET, "here"))
    wrapped[at] ^= 1
    with pytest.raises(Damaged):
        LocalWrapper(MASTER).unwrap(bytes(wrapped), "here")


def test_the_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "master.key"
    make_master_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(read_master_key(path)) == 32


def test_an_existing_master_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    make_master_key(path)
    before = path.read_bytes()
    with pytest.raises(Conflict):
        make_master_key(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    make_master_key(path)
    path.chmod(mode)
    with pytest.raises(NotReady, match="chmod 600"):
        read_master_key(path)


def test_a_missing_file_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="textarchive init"):
        read_master_key(tmp_path / "master.key")


def test_a_copy_typed_in_with_spaces_and_dashes_is_the_same_key() -> None:
    digits = MASTER.hex()
    typed = " ".join(digits[at : at + 4].upper() for at in range(0, 64, 4)) + "\n"
    assert parse_master_key(typed) == MASTER
    assert parse_master_key("-".join(typed.split())) == MASTER


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, "00" * 31, "00" * 33])
def test_what_is_no_master_key_is_refused(text: str) -> None:
    with pytest.raises(NotReady, match="64 hexadecimal digits"):
        parse_master_key(text)
