"""Locations: what is known of each, found by every name it has had, and each change in the ledger."""

from typing import Any

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.details import BadDetail
from archive.core.errors import BadInput, Conflict, NotFound
from archive.ledger.trail import Wanted, read_trail
from archive.locations.actions import add_location, change_location, found, found_by_name
from archive.locations.model import Location, Pstn, checked
from archive.locations.naming import read
from archive.locations.store import all_locations, location_by_name
from archive.numbers.actions import add_number, assign, set_state
from archive.numbers.history import number_at, past_of
from archive.numbers.importing import take_table
from archive.numbers.model import NumberState
from archive.numbers.store import numbers_at
from archive.numbers.table import read_table
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, ledger_size

AUSTIN = Location("Austin, TX", "200 Congress Ave", "Austin", "TX", "78701", "US", Pstn.PROVIDER, "+1 (512) 555-0100")


def add(archive: Archive, organisation: OrganisationRow, location: Location = AUSTIN) -> str:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return add_location(tx, location).id


def change(archive: Archive, organisation: OrganisationRow, location_id: str, **changes: Any) -> Location:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return read(change_location(tx, location_id, **changes))


def test_a_location_is_kept_as_it_was_said_and_found_in_any_case(
    archive: Archive, organisation: OrganisationRow
) -> None:
    location_id = add(archive, organisation)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        row = location_by_name(tx, " AUSTIN, tx")
        assert row
        assert row.id == location_id
        assert read(row).main_number == "+15125550100"
        assert read(row) == checked(AUSTIN)
        entry = read_trail(tx, Wanted(kind="location.added"), 1, details=True)[0]
    assert entry.subject == location_id
    assert entry.detail["name"] == "Austin, TX"
    assert entry.private["street"] == "200 Congress Ave"
    assert "Congress" not in str(entry.detail)


@pytest.mark.parametrize(
    ("location", "field"),
    [
        (Location(""), "name"),
        (Location("a" * 201), "name"),
        (Location("a\nb"), "name"),
        (Location("Austin", country="USA"), "country"),
        (Location("Austin", country="ÜS"), "country"),
        (Location("Austin", main_number="the desk"), "main_number"),
        (Location("Austin", street="x" * 201), "street"),
    ],
)
def test_what_can_not_be_said_of_a_location_names_its_field(location: Location, field: str) -> None:
    with pytest.raises(BadDetail) as problem:
        checked(location)
    assert problem.value.field == field
    assert problem.value.next_step


def test_a_name_is_given_once(archive: Archive, organisation: OrganisationRow) -> None:
    add(archive, organisation)
    with pytest.raises(Conflict, match="already"):
        add(archive, organisation, Location("AUSTIN, TX"))
    other = create_organisation(archive.transactions, f"Other of {organisation.name}", OPERATOR, "http://x.example")
    assert add(archive, other)


def test_a_change_is_an_entry_and_no_change_is_none(archive: Archive, organisation: OrganisationRow) -> None:
    location_id = add(archive, organisation)
    assert change(archive, organisation, location_id, pstn=None, street="").pstn is None
    before = ledger_size(archive, organisation.id)
    change(archive, organisation, location_id, city=" Austin ", pstn=None)
    assert ledger_size(archive, organisation.id) == before
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        entry = read_trail(tx, Wanted(kind="location.changed"), 1, details=True)[0]
        with pytest.raises(NotFound):
            found(tx, "loc_none")
        with pytest.raises(NotFound):
            found_by_name(tx, "Boston")
    assert "pstn" not in entry.detail
    assert "street" not in entry.private
    assert entry.private["city"] == "Austin"


def test_a_number_that_names_a_new_location_brings_it_along(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        number = add_number(tx, OWN_NUMBER, location="Austin").id
        assert add_number(tx, "+12125550124", location="AUSTIN").location == "Austin"
        assign(tx, number, location="Boston")
        add_number(tx, "+12125550125")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [row.name for row in all_locations(tx)] == ["Austin", "Boston"]
        assert [read(row) for row in all_locations(tx)] == [Location("Austin"), Location("Boston")]


def test_the_same_location_in_another_case_is_no_move(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        number = add_number(tx, OWN_NUMBER, location="Austin", state=NumberState.AUTHORISED).id
        assert assign(tx, number, location="AUSTIN").state == "authorised"
        assert assign(tx, number, location="Boston").state == "unauthorised"


def test_a_location_with_another_name_is_the_same_one(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    location_id = add(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, OWN_NUMBER, location="austin, tx", label="Kit", state=NumberState.AUTHORISED)
        elsewhere = add_number(tx, "+12125550124", location="Boston").id
    start = clock.now
    clock.advance(days=1)
    change(archive, organisation, location_id, name="Austin HQ")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        for name in ("Austin, TX", "austin hq"):
            assert numbers_at(tx, name) == [OWN_NUMBER], "holds and searches name either"
        then, now = number_at(tx, OWN_NUMBER, start), number_at(tx, OWN_NUMBER, clock.now)
        assert then
        assert now
        assert (then.location, now.location, now.state.value) == ("Austin, TX", "Austin HQ", "authorised")
        entry = read_trail(tx, Wanted(kind="location.changed"), 1, details=False)[0]
        assert now.entry == entry.seq
        assert entry.detail["before"] == "Austin, TX"
        assert len(past_of(tx, "+12125550124").stretches) == 1
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert assign(tx, elsewhere, location="Austin, TX").location == "Austin HQ"


def test_a_former_name_belongs_to_its_location_for_ever(archive: Archive, organisation: OrganisationRow) -> None:
    location_id = add(archive, organisation)
    change(archive, organisation, location_id, name="Austin HQ")
    with pytest.raises(Conflict, match="as Austin HQ was called before"):
        add(archive, organisation, Location("austin, tx"))
    boston = add(archive, organisation, Location("Boston"))
    with pytest.raises(Conflict):
        change(archive, organisation, boston, name="Austin, TX")
    assert change(archive, organisation, location_id, name="Austin, TX").name == "Austin, TX"
    assert change(archive, organisation, location_id, name="AUSTIN, TX").name == "AUSTIN, TX"


def test_a_released_number_follows_the_name_too(archive: Archive, organisation: OrganisationRow) -> None:
    location_id = add(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        number = add_number(tx, OWN_NUMBER, location="Austin, TX").id
        set_state(tx, number, NumberState.RELEASED)
    change(archive, organisation, location_id, name="Austin HQ")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert past_of(tx, OWN_NUMBER).number.location == "Austin HQ"


def test_nothing_half_done_is_kept_of_a_location_that_is_refused(
    archive: Archive, organisation: OrganisationRow
) -> None:
    location_id = add(archive, organisation)
    before = ledger_size(archive, organisation.id)
    with pytest.raises(BadInput):
        change(archive, organisation, location_id, country="nowhere")
    assert ledger_size(archive, organisation.id) == before


@pytest.mark.tampers
def test_a_number_that_spells_its_location_as_an_older_archive_did_has_not_moved(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = add_number(tx, OWN_NUMBER, location="Austin", state=NumberState.AUTHORISED)
        row.location = "AUSTIN"
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        fates = take_table(tx, read_table(f"number,location,state\n{OWN_NUMBER},austin,suspended\n".encode()))
        assert fates[0].outcome == "changed", fates
        assert set_state(tx, row.id, NumberState.AUTHORISED)
        changed = assign(tx, row.id, location="AUSTIN", label="Dana")
        assert (changed.location, changed.state) == ("Austin", "authorised")
        assert numbers_at(tx, "austin") == [OWN_NUMBER]
