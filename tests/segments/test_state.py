"""The small tables in the vault, and what time does to objects."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from archive.access.organisations import OrganisationRow
from archive.access.people import create_person
from archive.access.roles import FIRST_PERSON
from archive.core.actor import OPERATOR
from archive.ledger.trail import Wanted, read_trail
from archive.numbers.actions import add_number
from archive.numbers.store import all_numbers
from archive.safekeeping import contents, small_tables
from archive.segments import names
from archive.segments.days import Limits
from archive.segments.folder_vault import FolderVault
from archive.segments.key_copy import read_copies
from archive.segments.restore import restore_organisation
from archive.segments.state import newest_state
from archive.segments.upkeep import renew_locks
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.raw_bytes import found_in, spellings
from tests.segments.conftest import on_a_folder
from tests.segments.crashing import FailingVault, PowerFailure
from tests.segments.restoring import bring_back, keep, rows
from tests.segments.storing import follower, take_in


def copies(archive: Archive, organisation: OrganisationRow) -> list[str]:
    return archive.vault.names(names.state_folder(organisation.public_id))


def add(archive: Archive, organisation: OrganisationRow, number: str) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, number)


def test_every_table_of_an_organisation_comes_back_from_somewhere() -> None:
    """A new table is in the copy by itself; this says which are not, and why."""
    found = small_tables()
    assert {"organisation", "person", "api_key", "number", "retention_policy"} <= found.keys()
    assert not found.keys() & {
        "message",
        "message_party",
        "message_identity",
        "delivery",
        "delivery_outcome",
        "quarantine_item",
        "ledger_entry",
        "data_key",
    }
    assert not found.keys() & {"person_session", "vault_position", "ledger_tile"}, "a machine finds those out again"


def test_every_column_of_a_small_table_can_be_copied() -> None:
    """A new kind of column needs a look at how it comes back: MessagePack knows moments, but no dates."""
    kinds = {type(column.type).__name__ for table in small_tables().values() for column in table.columns}
    assert kinds <= {"Text", "BigInteger", "LargeBinary", "Moment", "Boolean", "Day"}


def test_the_organisations_own_row_comes_back_whole(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    """The copy of the keys may be older, and knows less of it."""
    keep(archive, organisation)
    (copy,) = read_copies(archive.keys_backup)
    older = replace(copy, owner=msgspec.structs.replace(copy.owner, name="As it was called before"))
    assert restore_organisation(empty_archive.transactions, empty_archive.vault, older, contents())
    assert rows(empty_archive, "organisation") == rows(archive, "organisation")


def test_a_copy_is_made_when_something_has_changed(archive: Archive, organisation: OrganisationRow) -> None:
    keep(archive, organisation)
    assert len(copies(archive, organisation)) == 1
    take_in(archive, organisation, 2)
    keep(archive, organisation)
    assert len(copies(archive, organisation)) == 1, "texts are not among the small tables"
    add(archive, organisation, "+12125550123")
    keep(archive, organisation)
    assert len(copies(archive, organisation)) == 2


def test_a_copy_that_a_crash_kept_from_being_put_is_put_the_next_time(
    archive: Archive, organisation: OrganisationRow
) -> None:
    keep(archive, organisation)
    add(archive, organisation, "+12125550123")
    failing: Any = FailingVault(archive.vault, 1, after=False)
    with pytest.raises(PowerFailure):
        replace(follower(archive, organisation), vault=failing).catch_up()
    assert len(copies(archive, organisation)) == 1
    keep(archive, organisation)
    assert len(copies(archive, organisation)) == 2


def test_a_copy_that_is_ahead_of_the_ledger_counts_for_nothing(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    """The power failed between the rows and the stretch that belongs to them, and then the database was lost."""
    keep(archive, organisation)
    before = rows(archive, "number")
    add(archive, organisation, "+12125550123")
    failing: Any = FailingVault(archive.vault, 2, after=False)
    with pytest.raises(PowerFailure):
        replace(follower(archive, organisation), vault=failing).catch_up()
    assert len(copies(archive, organisation)) == 2
    assert bring_back(empty_archive).rows
    assert rows(empty_archive, "number") == before


def test_rows_and_ledger_are_of_one_moment(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    """What changes while a stretch is being put belongs to the next one, however busy it is."""
    take_in(archive, organisation, 1)

    class Busy:
        """Each time that something is put, somebody adds a number."""

        added = 0

        def __getattr__(self, name: str) -> Any:
            return getattr(archive.vault, name)

        def put_new(self, *args: Any, **more: Any) -> bool:
            Busy.added += 1
            add(archive, organisation, f"+121255502{Busy.added:02}")
            return archive.vault.put_new(*args, **more)

    busy: Any = Busy()
    keep(replace(archive, vault=busy), organisation)
    assert Busy.added < 5, "and nobody runs after it for ever"
    back = bring_back(empty_archive)
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        told = {entry.subject for entry in read_trail(tx, Wanted(kind="number.added"), 99, details=False)}
        assert told == {number.id for number in all_numbers(tx)}
    assert back.rows


def test_nothing_in_it_is_readable(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        create_person(tx, name="Dana Whitfield-Oakes", email="dana.whitfield@harbour.example", roles=FIRST_PERSON)
    keep(archive, organisation)
    needles = spellings("Whitfield-Oakes") | spellings("dana.whitfield@harbour")
    for name in archive.vault.names(organisation.public_id):
        assert not found_in(needles, archive.vault.get(name)), name


def test_large_tables_are_kept_in_several_objects(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    for at in range(5):
        add(archive, organisation, f"+1212555010{at}")
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            create_person(tx, name=f"Person {at}", email=f"p{at}@harbour.example", roles=FIRST_PERSON)
    keep(archive, organisation)
    add(archive, organisation, "+12125550199")
    follower(archive, organisation, Limits(object=500)).catch_up()
    parts = newest_state([archive.vault], organisation.public_id, 1_000)
    assert len(parts) > 1
    assert [part.header.part for part in parts] == list(range(1, len(parts) + 1))
    bring_back(empty_archive)
    for table in small_tables():
        assert rows(empty_archive, table) == rows(archive, table), table


def test_half_a_copy_counts_for_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    keep(archive, organisation)
    (whole,) = copies(archive, organisation)
    header = newest_state([archive.vault], organisation.public_id, 1_000)[0].header
    add(archive, organisation, "+12125550123")
    content = archive.vault.get(whole).replace(b'"t"', b'"t"')
    archive.vault.put_new(f"{names.state_folder(organisation.public_id)}{header.last + 5:020d}.0001", content[:-9])
    assert newest_state([archive.vault], organisation.public_id, 1_000)[0].header == header


@on_a_folder
def test_the_newest_copy_is_renewed_and_older_ones_are_taken_away(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    keep(archive, organisation)
    add(archive, organisation, "+12125550123")
    clock.advance(hours=2)
    keep(archive, organisation)
    first, second = copies(archive, organisation)
    clock.advance(days=16)
    keep(archive, organisation)
    assert copies(archive, organisation) == [first, second]
    until = archive.vault.lock_of(archive.vault.versions(second)[0]).until
    assert until == clock() + timedelta(days=30), "of the same rows no second copy is made"
    clock.advance(days=15)
    keep(archive, organisation)
    assert copies(archive, organisation) == [second]


@on_a_folder
def test_a_lock_that_was_cut_short_is_lengthened_again_and_again(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    assert isinstance(archive.vault, FolderVault)
    archive.vault.longest = timedelta(days=100)
    take_in(archive, organisation, 1)
    keep(archive, organisation)
    (version,) = archive.vault.versions(f"{organisation.public_id}/days/")
    end = names.end_of_day(version.name.split("/")[2])
    assert archive.vault.lock_of(version).until == clock() + timedelta(days=100)
    renewed = []
    while clock() < end:
        clock.advance(days=10)
        renewed.append(renew_locks(archive.transactions, archive.vault, organisation))
        until = archive.vault.lock_of(version).until
        assert until is not None
        assert until > clock() or clock() >= end
    assert until == end, "and never longer than it may be"
    assert any(renewed) and not all(renewed)
