"""What a hold and a purge do in the vault, on a folder and on a real object store."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.clock import DAY
from archive.core.errors import Conflict, Damaged, NotReady
from archive.keys.keyring import Purpose
from archive.ledger.entry import place
from archive.safekeeping import contents, keep_up
from archive.segments import actions, names
from archive.segments.layout import Record, read_segment
from archive.segments.vault import Lock, StillLocked
from archive.wiring import Archive
from tests import items
from tests.conftest import StandingClock
from tests.segments.crashing import FailingVault, PowerFailure
from tests.segments.restoring import bring_back, keep
from tests.segments.storing import follower, take_in


@pytest.fixture
def day(archive: Archive, organisation: OrganisationRow, clock: StandingClock) -> str:
    """Three segments of one day, and one of the next."""
    for begin in (1, 3, 5):
        take_in(archive, organisation, 2, begin)
        keep(archive, organisation)
    found = (clock() + 400 * DAY).strftime("%Y-%m-%d")
    clock.advance(days=1)
    take_in(archive, organisation, 2, begin=7)
    keep(archive, organisation)
    return found


def unlocked(archive: Archive, organisation: OrganisationRow, day: str, count: int = 2) -> None:
    """Objects of a day as they are when its lock is over, with a version and a marker that somebody else has made."""
    folder = names.day_folder(organisation.public_id, day)
    for number in range(count):
        archive.vault.put_new(f"{folder}{number}", b"x")
    if archive.vault.kind == "s3":
        vault: Any = archive.vault
        client = vault._clients.of("ingest")
        client.put_object(**vault._at(f"{folder}0"), Body=b"again")
        client.delete_object(**vault._at(f"{folder}1"))


def test_a_day_is_deleted_in_all_versions_once_its_lock_is_over(
    archive: Archive, organisation: OrganisationRow
) -> None:
    unlocked(archive, organisation, "2026-01-01")
    unlocked(archive, organisation, "2026-01-02", 1)
    there = actions.objects_of_day(archive.vault, organisation, "2026-01-01")
    assert len(there) == (2 if archive.vault.kind == "folder" else 4)
    done = actions.delete_day(archive.transactions, archive.vault, organisation, "2026-01-01")
    assert done == len(there)
    assert actions.objects_of_day(archive.vault, organisation, "2026-01-01") == []
    assert actions.objects_of_day(archive.vault, organisation, "2026-01-02") != []
    assert actions.delete_day(archive.transactions, archive.vault, organisation, "2026-01-01") == 0


def test_a_day_that_is_not_over_is_not_deleted(archive: Archive, organisation: OrganisationRow, day: str) -> None:
    with pytest.raises(StillLocked) as refused:
        actions.delete_day(archive.transactions, archive.vault, organisation, day)
    assert len(refused.value.names) == 3
    assert len(actions.objects_of_day(archive.vault, organisation, day)) == 3


@pytest.mark.parametrize("after", [False, True], ids=["never arrived", "arrived unheard"])
def test_a_deletion_that_was_broken_off_is_completed(
    archive: Archive, organisation: OrganisationRow, after: bool
) -> None:
    unlocked(archive, organisation, "2026-01-01")
    failing: Any = FailingVault(archive.vault, 1, after=after)
    with pytest.raises(PowerFailure):
        actions.delete_day(archive.transactions, failing, organisation, "2026-01-01")
    actions.delete_day(archive.transactions, archive.vault, organisation, "2026-01-01")
    assert actions.objects_of_day(archive.vault, organisation, "2026-01-01") == []


def test_an_object_that_appears_during_a_deletion_is_noticed(archive: Archive, organisation: OrganisationRow) -> None:
    unlocked(archive, organisation, "2026-01-01", 2)

    class Busy:
        def __getattr__(self, name: str) -> Any:
            return getattr(archive.vault, name)

        def delete(self, versions: Any) -> None:
            archive.vault.delete(versions)
            archive.vault.put_new(f"{names.day_folder(organisation.public_id, '2026-01-01')}9", b"x")

    busy: Any = Busy()
    with pytest.raises(Conflict, match="meanwhile"):
        actions.delete_day(archive.transactions, busy, organisation, "2026-01-01")


def test_a_hold_lies_on_all_of_a_day_and_on_what_comes_later(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    day = (clock() + 400 * DAY).strftime("%Y-%m-%d")
    take_in(archive, organisation, 2)
    keep(archive, organisation)
    assert actions.hold_day(archive.transactions, archive.vault, organisation, day) == 1
    take_in(archive, organisation, 2, begin=3)
    follower(archive, organisation).catch_up()
    there = actions.objects_of_day(archive.vault, organisation, day)
    assert len(there) == 2
    assert all(archive.vault.lock_of(version).held for version in there)
    assert actions.release_day(archive.transactions, archive.vault, organisation, day) >= len(there), "each version"
    take_in(archive, organisation, 2, begin=5)
    follower(archive, organisation).catch_up()
    there = actions.objects_of_day(archive.vault, organisation, day)
    assert not any(archive.vault.lock_of(version).held for version in there)


def test_a_hold_that_is_placed_while_a_segment_is_put_lies_on_it_too(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    day = (clock() + 400 * DAY).strftime("%Y-%m-%d")
    take_in(archive, organisation, 2)

    class Meanwhile:
        """Just before the segment is put somebody places the hold, and finds no object yet."""

        def __getattr__(self, name: str) -> Any:
            return getattr(archive.vault, name)

        def put_new(self, name: str, *args: Any, **more: Any) -> bool:
            if "/days/" in name:
                assert actions.hold_day(archive.transactions, archive.vault, organisation, day) == 0
            return archive.vault.put_new(name, *args, **more)

    meanwhile: Any = Meanwhile()
    replace(follower(archive, organisation), vault=meanwhile).catch_up()
    (version,) = actions.objects_of_day(archive.vault, organisation, day)
    assert archive.vault.lock_of(version).held


def test_a_held_object_outlives_its_lock(archive: Archive, organisation: OrganisationRow) -> None:
    """A purge that forgets a hold is refused by the store."""
    unlocked(archive, organisation, "2026-01-01", 1)
    actions.hold_day(archive.transactions, archive.vault, organisation, "2026-01-01")
    with pytest.raises(StillLocked):
        actions.delete_day(archive.transactions, archive.vault, organisation, "2026-01-01")
    actions.release_day(archive.transactions, archive.vault, organisation, "2026-01-01")
    actions.delete_day(archive.transactions, archive.vault, organisation, "2026-01-01")
    assert actions.objects_of_day(archive.vault, organisation, "2026-01-01") == []


def test_a_longer_policy_locks_a_day_for_longer(archive: Archive, organisation: OrganisationRow, day: str) -> None:
    later = names.end_of_day(day) + timedelta(days=300)
    assert actions.extend_day(archive.transactions, archive.vault, organisation, day, later) == 3
    there = actions.objects_of_day(archive.vault, organisation, day)
    assert {archive.vault.lock_of(version).until for version in there} == {later}


HELD = Purpose.held_by("hld_1")


def sealed_anew(
    archive: Archive, organisation: OrganisationRow, serials: Iterable[int], purpose: Purpose = HELD
) -> None:
    """What the purge does with messages that stay, before it destroys the key of their day."""
    from sqlalchemy import text as sql

    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        key = tx.key(purpose)
        for serial in serials:
            row = tx.session.execute(sql("SELECT key_id, sealed FROM message WHERE seq = :seq"), {"seq": serial}).one()
            old = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
            assert old
            sealed = key.seal(old.open(row.sealed, place(tx.org_id, serial)), place(tx.org_id, serial))
            tx.session.execute(
                sql("UPDATE message SET key_id = :key, sealed = :sealed WHERE seq = :seq"),
                {"key": key.id, "sealed": sealed, "seq": serial},
            )


def put_again(archive: Archive, organisation: OrganisationRow, serials: Iterable[int], batch: str) -> list[str]:
    return actions.put_again(archive.transactions, archive.vault, organisation, contents(), serials, batch)


@pytest.mark.tampers
def test_what_a_hold_keeps_is_put_under_new_names_and_comes_back_when_its_day_is_gone(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = take_in(archive, organisation, 6)
    keep(archive, organisation)
    day = (clock() + 400 * DAY).strftime("%Y-%m-%d")
    held = [serials[1], serials[2], serials[5]]
    sealed_anew(archive, organisation, held)
    made = put_again(archive, organisation, held, "pur_1")
    assert put_again(archive, organisation, held, "pur_1") == made
    there = actions.objects_held_from(archive.vault, organisation, day)
    assert [version.name for version in there] == made
    assert all(archive.vault.lock_of(version).held for version in there)
    kept = [line.seq for line in read_segment(made[0], archive.vault.get(made[0])) if isinstance(line, Record)]
    assert kept == held
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.keyring.destroy(tx.session, tx.org_id, tx.key(Purpose("day", day)).id, tx.now)
    keep(archive, organisation)
    back = bring_back(empty_archive)
    assert back.records.restored == set(held)
    assert back.records.missing == sorted(set(serials) - set(held)), "no purge says that it has destroyed them"


@pytest.mark.tampers
def test_what_a_longer_policy_keeps_moves_to_its_new_day(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = take_in(archive, organisation, 4)
    keep(archive, organisation)
    old = (clock() + 400 * DAY).strftime("%Y-%m-%d")
    new = (clock() + 800 * DAY).strftime("%Y-%m-%d")
    sealed_anew(archive, organisation, serials[:2], Purpose("day", new))
    (name,) = put_again(archive, organisation, serials[:2], "pur_1")
    assert name.startswith(names.day_folder(organisation.public_id, new))
    (version,) = actions.objects_of_day(archive.vault, organisation, new)
    assert archive.vault.lock_of(version).until == names.end_of_day(new)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.keyring.destroy(tx.session, tx.org_id, tx.key(Purpose("day", old)).id, tx.now)
    keep(archive, organisation)
    back = bring_back(empty_archive)
    assert back.records.restored == set(serials[:2])


@pytest.mark.tampers
def test_a_vault_that_is_begun_anew_has_every_record_where_its_key_belongs(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    held, moved, ordinary = take_in(archive, organisation, 3)
    day, later = ((clock() + days * DAY).strftime("%Y-%m-%d") for days in (400, 800))
    sealed_anew(archive, organisation, [held])
    sealed_anew(archive, organisation, [moved], Purpose("day", later))
    follower(archive, organisation).catch_up()
    folders = {
        names.held_folder(organisation.public_id, day): [held],
        names.day_folder(organisation.public_id, later): [moved],
        names.day_folder(organisation.public_id, day): [ordinary],
    }
    for folder, expected in folders.items():
        (name,) = archive.vault.names(folder)
        kept = [line.seq for line in read_segment(name, archive.vault.get(name)) if isinstance(line, Record)]
        assert kept == expected
    (version,) = actions.objects_held_from(archive.vault, organisation, day)
    assert archive.vault.lock_of(version) == Lock(None, held=True)


@pytest.mark.tampers
def test_held_records_that_were_sealed_anew_since_need_another_name(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = take_in(archive, organisation, 2)
    sealed_anew(archive, organisation, serials)
    put_again(archive, organisation, serials, "pur_1")
    sealed_anew(archive, organisation, serials)
    with pytest.raises(Damaged, match="new batch"):
        put_again(archive, organisation, serials, "pur_1")
    assert put_again(archive, organisation, serials, "pur_2")


@pytest.mark.tampers
def test_what_a_hold_kept_goes_when_nothing_holds_it_any_more(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = take_in(archive, organisation, 2)
    day = (clock() + 400 * DAY).strftime("%Y-%m-%d")
    sealed_anew(archive, organisation, serials)
    put_again(archive, organisation, serials, "pur_1")
    assert actions.delete_held(archive.transactions, archive.vault, organisation, day) == 1
    assert actions.objects_held_from(archive.vault, organisation, day) == []


def test_the_standing_counts_what_is_there_and_what_waits(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, day: str
) -> None:
    items.take_in(archive, organisation.id, b"no json")
    clock.advance(seconds=90)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        standing = actions.vault_standing(tx)
        size = tx.ledger_size
    objects = [
        version
        for version in archive.vault.versions(f"{organisation.public_id}/")
        if version.name.split("/")[1] in {"ledger", "days"}
    ]
    assert (standing.segments, standing.texts) == (len(objects), 8)
    assert standing.size == sum(version.size for version in objects)
    assert (standing.behind, standing.through) == (1, size - 1)
    assert standing.waiting == timedelta(seconds=90)
    assert (standing.failing, standing.immutable) == (False, archive.vault.kind == "s3")


def test_an_organisation_that_the_vault_has_never_seen_has_a_standing_too(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    clock.advance(hours=2)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        standing = actions.vault_standing(tx)
        assert (standing.segments, standing.behind, standing.waiting) == (0, tx.ledger_size, timedelta(hours=2))


def test_what_went_wrong_is_remembered_until_it_goes_right_again(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    class Away:
        def __getattr__(self, name: str) -> Any:
            return getattr(archive.vault, name)

        def put_new(self, *_: Any, **__: Any) -> bool:
            raise NotReady("No answer from the object store.")

    away: Any = Away()
    take_in(archive, organisation, 1)
    with pytest.raises(NotReady):
        keep_up(archive.transactions, away, archive.keys_backup, organisation)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        standing = actions.vault_standing(tx)
    assert standing.failing
    assert standing.error == "No answer from the object store."
    clock.advance(minutes=1)
    keep(archive, organisation)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        standing = actions.vault_standing(tx)
    assert not standing.failing
    assert standing.error_at == clock() - timedelta(minutes=1), "it is remembered all the same"
