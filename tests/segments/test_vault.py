"""What every vault does, the folder and the object store alike."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from archive.core.clock import system_clock
from archive.core.errors import NotFound
from archive.segments.vault import Lock, StillLocked, Vault, Version

HOUR = timedelta(hours=1)


def the_version(vault: Vault, name: str) -> Version:
    (found,) = vault.versions(name)
    return found


def delete_as_soon_as_possible(vault: Vault, versions: Sequence[Version], before: datetime) -> datetime:
    """Asks until it is allowed; when that was."""
    while True:
        try:
            vault.delete(versions)
        except StillLocked:
            assert system_clock() < before, "still locked after its time"
        else:
            return system_clock()


def test_what_was_put_is_got_back_and_named_in_order(vault: Vault) -> None:
    assert vault.put_new("org/checkpoints/002", b"two")
    assert vault.put_new("org/checkpoints/001", b"one")
    assert vault.get("org/checkpoints/001") == b"one"
    assert vault.names("org/checkpoints/") == ["org/checkpoints/001", "org/checkpoints/002"]
    assert vault.names("org/checkpoints/", after="org/checkpoints/001") == ["org/checkpoints/002"]
    assert vault.names("other/") == []


def test_a_folder_may_be_named_by_how_it_begins(vault: Vault) -> None:
    for name in ("org/days/2027-12-28/1", "org/days/2027-12-29/1", "organ/1"):
        vault.put_new(name, b"x")
    assert vault.names("org/days/2027-12-28/") == ["org/days/2027-12-28/1"]
    assert vault.names("org/") == ["org/days/2027-12-28/1", "org/days/2027-12-29/1"]
    assert len(vault.names("org")) == len(vault.names("")) == 3


def test_a_name_that_is_taken_is_never_written_again(vault: Vault) -> None:
    assert vault.put_new("a/b", b"first", system_clock() + HOUR)
    assert not vault.put_new("a/b", b"second", system_clock() + HOUR)
    assert vault.get("a/b") == b"first"
    assert len(vault.versions("a/b")) == 1


def test_of_many_writers_of_one_name_exactly_one_wins(vault: Vault) -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda number: vault.put_new("a/race", b"%d" % number), range(32)))
    assert won.count(True) == 1
    assert vault.get("a/race") == b"%d" % won.index(True)
    assert vault.names("a/") == ["a/race"]


def test_a_missing_name_says_so(vault: Vault) -> None:
    vault.put_new("a/b1", b"x")
    assert not vault.has("a/b")
    assert vault.has("a/b1")
    with pytest.raises(NotFound, match="TEXTARCHIVE_VAULT"):
        vault.get("a/b")


def test_a_version_says_when_it_was_stored_and_how_large_it_is(vault: Vault) -> None:
    vault.put_new("a/b", b"12345")
    version = the_version(vault, "a/b")
    assert (version.name, version.size, version.is_marker) == ("a/b", 5, False)
    assert abs(version.stored_at - vault.now()) < timedelta(minutes=1)
    assert version.stored_at.utcoffset() == timedelta(0)


def test_nothing_is_deleted_before_its_lock_is_over_and_everything_after_it(vault: Vault) -> None:
    until = system_clock() + timedelta(seconds=2)
    vault.put_new("a/locked", b"x", until)
    vault.put_new("a/free", b"x")
    with pytest.raises(StillLocked, match="a/locked") as refused:
        vault.delete(vault.versions("a/"))
    assert refused.value.names == ("a/locked",)
    assert vault.names("a/") == ["a/locked"], "what is not locked is gone all the same"
    deleted_at = delete_as_soon_as_possible(vault, vault.versions("a/"), before=until + timedelta(seconds=10))
    assert deleted_at >= until
    assert vault.versions("a/") == []


def test_a_moment_that_has_passed_locks_nothing(vault: Vault) -> None:
    vault.put_new("a/b", b"x", system_clock() - HOUR)
    assert vault.lock_of(the_version(vault, "a/b")) == Lock(None, held=False)


def test_a_lock_ends_no_sooner_than_asked_for(vault: Vault) -> None:
    wanted = (system_clock() + HOUR).replace(microsecond=1)
    vault.put_new("a/b", b"x", wanted)
    until = vault.lock_of(the_version(vault, "a/b")).until
    assert until is not None
    assert wanted <= until < wanted + timedelta(seconds=1)


def test_a_lock_grows_and_never_shrinks(vault: Vault) -> None:
    soon, later = system_clock().replace(microsecond=0) + HOUR, system_clock().replace(microsecond=0) + 2 * HOUR
    vault.put_new("a/b", b"x", soon)
    version = the_version(vault, "a/b")
    vault.extend(version, later)
    assert vault.lock_of(version) == Lock(later, held=False)
    vault.extend(version, soon)
    vault.extend(version, system_clock() - HOUR)
    assert vault.lock_of(version) == Lock(later, held=False)


def test_what_was_never_locked_can_be_locked_later(vault: Vault) -> None:
    later = system_clock().replace(microsecond=0) + HOUR
    vault.put_new("a/b", b"x")
    vault.extend(the_version(vault, "a/b"), later)
    assert vault.lock_of(the_version(vault, "a/b")).until == later


def test_no_lock_is_longer_than_the_longest_that_is_allowed(vault: Vault) -> None:
    century = system_clock() + timedelta(days=36_500)
    vault.put_new("a/b", b"x", century)
    vault.put_new("a/c", b"x", system_clock() + HOUR)
    vault.extend(the_version(vault, "a/c"), century)
    for name in ("a/b", "a/c"):
        until = vault.lock_of(the_version(vault, name)).until
        assert until is not None
        assert timedelta(days=2_999) < until - system_clock() < timedelta(days=3_000, minutes=1)


def test_a_hold_binds_without_a_date_until_it_is_released(vault: Vault) -> None:
    vault.put_new("a/held", b"x", held=True)
    vault.put_new("a/later", b"x")
    vault.set_hold(the_version(vault, "a/later"), held=True)
    with pytest.raises(StillLocked) as refused:
        vault.delete(vault.versions("a/"))
    assert sorted(refused.value.names) == ["a/held", "a/later"]
    for version in vault.versions("a/"):
        assert vault.lock_of(version) == Lock(None, held=True)
        vault.set_hold(version, held=False)
    vault.delete(vault.versions("a/"))
    assert vault.versions("a/") == []


def test_a_hold_and_a_lock_bind_each_on_its_own(vault: Vault) -> None:
    until = system_clock().replace(microsecond=0) + timedelta(seconds=2)
    vault.put_new("a/b", b"x", until, held=True)
    version = the_version(vault, "a/b")
    vault.set_hold(version, held=False)
    assert vault.lock_of(version) == Lock(until, held=False)
    with pytest.raises(StillLocked):
        vault.delete([version])
    vault.set_hold(version, held=True)
    while system_clock() < until + timedelta(seconds=1):
        with pytest.raises(StillLocked):
            vault.delete([version])
    vault.set_hold(version, held=False)
    vault.delete([version])


def test_deleting_what_is_gone_already_changes_nothing(vault: Vault) -> None:
    vault.put_new("a/b", b"x")
    versions = vault.versions("a/")
    vault.delete(versions)
    vault.delete(versions)
    assert vault.versions("a/") == []
    assert vault.put_new("a/b", b"y"), "the name is free again"
