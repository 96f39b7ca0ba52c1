"""A backup: everything in a second place, from which a database comes back when vault and keys are lost with it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.backups import back_up, restore_backup
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.core.errors import Conflict, Damaged, NotReady
from archive.holds.store import serials_under
from archive.messages.store import count_messages
from archive.proving import sign_and_keep
from archive.safekeeping import small_tables
from archive.segments import names
from archive.segments.backup import BackupPlace, Made
from archive.segments.key_copy import read_copies
from archive.segments.restore import Restored
from archive.settings import Bucket
from archive.wiring import Archive, build, open_backup
from tests.conftest import DATABASES, StandingClock, new_database
from tests.holds.ordering import hold, release, texts
from tests.items import read_back
from tests.object_store import ObjectStore
from tests.raw_bytes import found_in, spellings
from tests.retention.purging import planned, purged
from tests.segments.conftest import on_a_folder
from tests.segments.restoring import is_clean, keep, rows
from tests.segments.storing import take_in
from tests.segments.test_restore import BEFORE, a_life
from tests.taking_in import trail


@pytest.fixture
def place(request: pytest.FixtureRequest, archive: Archive, tmp_path: Path) -> BackupPlace:
    """A folder; or, where the vault is a bucket, another bucket."""
    if not isinstance(archive.settings.vault, Bucket):
        return open_backup(archive.settings, tmp_path / "backup", archive.clock)
    store: ObjectStore = request.getfixturevalue("object_store")
    bucket = Bucket(store.new_bucket(locking=False), "backups/")
    return open_backup(replace(archive.settings, backup_profile="admin"), bucket, archive.clock)


@pytest.fixture
def nothing_left(
    request: pytest.FixtureRequest, archive: Archive, tmp_path: Path, clock: StandingClock
) -> Iterator[Archive]:
    """The machine is lost: database, vault and copy of the keys. The master key was on paper."""
    folder = tmp_path / "new machine"
    folder.mkdir()
    with new_database(request, archive.engine.dialect.name, folder) as address:
        new = replace(
            archive.settings,
            data=folder / "data",
            database_url=address,
            vault=folder / "vault",
            keys_backup=folder / "keys",
        )
        made = build(new, clock=clock)
        yield made
        made.engine.dispose()


def run(archive: Archive, organisation: OrganisationRow, place: BackupPlace, **more: Any) -> Made:
    ((_, made),) = back_up(archive.transactions, place, [organisation], OPERATOR, **more)
    return made


def bring_back(archive: Archive, place: BackupPlace, **more: Any) -> Restored:
    (back,) = restore_backup(archive.transactions, archive.vault, archive.keys_backup, place, **more)
    return back


def test_everything_comes_back_from_a_backup_alone(
    archive: Archive,
    nothing_left: Archive,
    organisation: OrganisationRow,
    clock: StandingClock,
    place: BackupPlace,
) -> None:
    a_life(archive, organisation, clock)
    hold(archive, organisation, "number")
    made = run(archive, organisation, place)
    before = {table: rows(archive, table) for table in (*BEFORE, *small_tables(), "hold_message", "organisation")}
    back = bring_back(nothing_left, place)
    assert (back.ledger.lost, back.records.missing, back.records.broken) == ([], [], [])
    assert back.ledger.through == made.entries
    for table, expected in before.items():
        assert rows(nothing_left, table) == expected, table
    assert is_clean(nothing_left, organisation)
    keep(nothing_left, organisation)
    assert is_clean(nothing_left, organisation), "and the new vault gets all of it"
    assert nothing_left.vault.names(names.ledger_folder(organisation.public_id))


@pytest.mark.skipif(len(DATABASES) == 1, reason="needs both databases")
def test_a_backup_of_one_database_is_restored_on_the_other(
    request: pytest.FixtureRequest,
    archive: Archive,
    organisation: OrganisationRow,
    clock: StandingClock,
    place: BackupPlace,
    tmp_path: Path,
) -> None:
    a_life(archive, organisation, clock)
    run(archive, organisation, place)
    (other,) = set(DATABASES) - {archive.engine.dialect.name}
    (tmp_path / "other").mkdir()
    with new_database(request, other, tmp_path / "other") as address:
        data = tmp_path / "other"
        new = replace(
            archive.settings, data=data, database_url=address, vault=data / "vault", keys_backup=data / "keys"
        )
        made = build(new, clock=clock)
        assert bring_back(made, place).records.missing == []
        assert is_clean(made, organisation)
        assert rows(made, "message") == rows(archive, "message")
        made.engine.dispose()


def test_the_next_run_adds_what_is_new_and_nothing_else(
    archive: Archive, nothing_left: Archive, organisation: OrganisationRow, place: BackupPlace
) -> None:
    serials = take_in(archive, organisation, 5)
    first = run(archive, organisation, place)
    second = run(archive, organisation, place)
    assert second.entries == first.entries + 1, "one entry says that there was a backup"
    assert (second.put, second.deleted) == (2, 1), (
        "a stretch of the ledger, and the small tables in place of older ones"
    )
    serials += take_in(archive, organisation, 3, begin=7)
    third = run(archive, organisation, place, thorough=True)
    assert (third.put, third.objects) == (3, second.objects + 2)
    assert bring_back(nothing_left, place).records.restored == set(serials)
    (told, *_) = trail(archive, organisation, "backup.made")
    assert told.detail["entries"] == third.entries


def test_what_the_vault_has_since_comes_back_too_and_what_a_backup_has_that_the_vault_lacks(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, place: BackupPlace
) -> None:
    first = take_in(archive, organisation, 4)
    keep(archive, organisation)
    second = take_in(archive, organisation, 4, begin=10)
    run(archive, organisation, place)
    third = take_in(archive, organisation, 4, begin=20)
    assert bring_back(empty_archive, place).records.restored == {*first, *second}
    assert is_clean(empty_archive, organisation)
    keep(empty_archive, organisation)
    sign_and_keep(empty_archive.transactions, empty_archive.vault, organisation)
    assert is_clean(empty_archive, organisation), "and the vault goes on behind what it had"
    assert third


def test_a_backup_that_is_older_than_the_vault_only_helps(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, place: BackupPlace
) -> None:
    serials = take_in(archive, organisation, 4)
    run(archive, organisation, place)
    serials += take_in(archive, organisation, 4, begin=10)
    hold_id = hold(archive, organisation, "text").hold_id
    keep(archive, organisation)
    back = bring_back(empty_archive, place)
    assert (back.records.restored, back.ledger.lost) == (set(serials), [])
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert serials_under(tx, hold_id) == serials
    assert is_clean(empty_archive, organisation)


both_on_a_folder = pytest.mark.parametrize(
    "settings", [(database, "folder") for database in DATABASES], indirect=True, ids=DATABASES
)


@both_on_a_folder
def test_what_was_purged_after_the_backup_does_not_come_back_and_what_was_held_since_stays(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock, place: BackupPlace
) -> None:
    gone, held, freed = texts(archive, organisation, {"text": "gone"}, {"text": "refund"}, {"text": "wire"})
    wires = hold(archive, organisation, "wire", standing=False).hold_id
    run(archive, organisation, place)
    hold(archive, organisation, "refund", standing=False)
    day = day_of(clock() + timedelta(days=400))
    purged(archive, organisation, day)
    release(archive, organisation, wires)
    keep(archive, organisation)
    back = bring_back(empty_archive, place)
    assert (back.records.destroyed, back.records.missing) == ({gone}, [])
    assert read_back(empty_archive, organisation.id, held).content.text == "refund"
    assert read_back(empty_archive, organisation.id, freed).content.text == "wire"
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert count_messages(tx) == 2
        assert serials_under(tx, wires) == []
    assert is_clean(empty_archive, organisation)
    assert rows(empty_archive, "hold_message") == rows(archive, "hold_message")


@both_on_a_folder
def test_the_next_run_takes_out_of_the_backup_what_was_purged_and_keeps_what_is_held(
    archive: Archive, nothing_left: Archive, organisation: OrganisationRow, clock: StandingClock, place: BackupPlace
) -> None:
    _gone, held = texts(archive, organisation, {"text": "gone"}, {"text": "refund"})
    hold(archive, organisation, "refund", standing=False)
    run(archive, organisation, place)
    day = day_of(clock() + timedelta(days=400))
    planned(archive, organisation, day)
    purged(archive, organisation, day)
    made = run(archive, organisation, place, thorough=True)
    assert made.deleted > 0
    assert place.vault.versions(names.day_folder(organisation.public_id, day.isoformat())) == []
    (copy,) = read_copies(place.keys)
    assert [key.wrapped for key in copy.keys if key.period == day.isoformat()] == [None]
    back = bring_back(nothing_left, place)
    assert (back.records.restored, back.records.missing) == ({held}, [])
    assert is_clean(nothing_left, organisation)
    assert run(nothing_left, organisation, place).deleted >= 0, "and the backup goes on with the new machine"


@on_a_folder
def test_a_backup_that_is_damaged_is_refused_and_what_is_left_of_it_can_be_had(
    archive: Archive, nothing_left: Archive, organisation: OrganisationRow, clock: StandingClock, place: BackupPlace
) -> None:
    first = take_in(archive, organisation, 2)
    clock.advance(days=1)
    second = take_in(archive, organisation, 2, begin=5)
    run(archive, organisation, place)
    part = place.vault.names(f"{organisation.public_id}/days/")[0]
    path = Path(place.vault.place) / part
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Damaged, match="1 objects of the backup are gone or damaged"):
        bring_back(nothing_left, place)
    assert rows(nothing_left, "ledger_entry") == []
    with pytest.raises(Damaged, match="not what was put there"):
        run(archive, organisation, place)
    back = bring_back(nothing_left, place, despite_gaps=True)
    assert (back.records.restored, back.records.missing) == (set(second), first)


@on_a_folder
def test_a_list_that_was_changed_or_is_not_there_is_refused(
    archive: Archive, nothing_left: Archive, organisation: OrganisationRow, place: BackupPlace
) -> None:
    take_in(archive, organisation, 2)
    run(archive, organisation, place)
    (path,) = (Path(place.vault.place).parent / "keys").glob("*.manifest")
    signed = path.read_bytes()
    place.keys.replace(path.name, signed.replace(b"entries", b"entrees"))
    with pytest.raises(Damaged, match="is not good"):
        bring_back(nothing_left, place)
    path.unlink()
    with pytest.raises(Damaged, match="never finished"):
        bring_back(nothing_left, place)
    place.keys.replace(path.name, signed)
    assert bring_back(nothing_left, place).records.missing == []


@on_a_folder
def test_a_backup_of_another_history_is_left_alone(
    archive: Archive, nothing_left: Archive, organisation: OrganisationRow, place: BackupPlace, tmp_path: Path
) -> None:
    take_in(archive, organisation, 2)
    run(archive, organisation, place)
    old = open_backup(archive.settings, tmp_path / "old", archive.clock)
    shutil.copytree(tmp_path / "backup", tmp_path / "old")
    take_in(archive, organisation, 2, begin=5)
    run(archive, organisation, place)
    bring_back(nothing_left, old)
    take_in(nothing_left, organisation, 1, begin=9)
    with pytest.raises(Damaged, match="another ledger"):
        run(nothing_left, organisation, place)


@on_a_folder
def test_a_vault_and_a_backup_that_contradict_each_other_are_not_put_together(
    archive: Archive,
    empty_archive: Archive,
    nothing_left: Archive,
    organisation: OrganisationRow,
    place: BackupPlace,
    tmp_path: Path,
) -> None:
    take_in(archive, organisation, 2)
    run(archive, organisation, place)
    bring_back(nothing_left, place)
    take_in(nothing_left, organisation, 6, begin=20)
    other = open_backup(archive.settings, tmp_path / "other", archive.clock)
    run(nothing_left, organisation, other)
    take_in(archive, organisation, 2, begin=5)
    keep(archive, organisation)
    with pytest.raises(Damaged, match="another ledger than the vault"):
        bring_back(empty_archive, other)
    assert rows(empty_archive, "ledger_entry") == []


def test_a_backup_holds_nothing_that_can_be_read_and_no_master_key(
    archive: Archive, organisation: OrganisationRow, place: BackupPlace
) -> None:
    texts(archive, organisation, {"text": "the wire goes out on Friday", "from": "+14155550188"})
    run(archive, organisation, place)
    master = archive.settings.master_key_file.read_text().strip()
    needles = spellings("the wire goes out") | spellings("4155550188") | spellings(master[:32])
    copies = [place.keys.read(name) or b"" for name in place.keys.names()]
    for content in [*map(place.vault.get, place.vault.names(organisation.public_id)), *copies]:
        assert not found_in(needles, content)


def test_a_database_with_something_in_it_and_a_place_with_nothing_in_it_are_refused(
    archive: Archive, nothing_left: Archive, organisation: OrganisationRow, place: BackupPlace
) -> None:
    with pytest.raises(NotReady, match="There is no backup in"):
        bring_back(nothing_left, place)
    run(archive, organisation, place)
    with pytest.raises(Conflict, match="in the database already"):
        bring_back(archive, place)
    create_organisation(nothing_left.transactions, "Somebody else", OPERATOR, "https://texts.example")
    with pytest.raises(Conflict, match="in the database already"):
        bring_back(nothing_left, place)
