"""The organisation's own numbers: added in any spelling, once; each change of state is in the ledger."""

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.numbers.actions import add_number, set_state
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers, number_by_e164, numbers_at, states_among
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, ledger_size


def add(archive: Archive, organisation: OrganisationRow, number: str = OWN_NUMBER, location: str = "") -> NumberRow:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return add_number(tx, number, location=location)


def kinds(archive: Archive, organisation: OrganisationRow) -> list[str]:
    with archive.engine.connect() as connection:
        query = text("SELECT kind FROM ledger_entry WHERE org_id = :org AND kind LIKE 'number.%' ORDER BY seq")
        return list(connection.execute(query, {"org": organisation.id}).scalars())


@pytest.mark.parametrize("spelling", ["+12125550123", "(212) 555-0123", " 212.555.0123 ", "1-212-555-0123"])
def test_any_usual_spelling_is_one_number(archive: Archive, organisation: OrganisationRow, spelling: str) -> None:
    row = add(archive, organisation, spelling)
    assert (row.e164, row.state) == (OWN_NUMBER, "unauthorised")
    with pytest.raises(Conflict, match="is here already"):
        add(archive, organisation)
    assert kinds(archive, organisation) == ["number.added"]


@pytest.mark.parametrize("number", ["+442079460958", "+18765550100", "12345", "Harbour", "", "+1"])
def test_only_numbers_of_the_us_and_canada_and_the_territories(
    archive: Archive, organisation: OrganisationRow, number: str
) -> None:
    before = ledger_size(archive, organisation.id)
    with pytest.raises(BadInput, match="is not a telephone number of the US or Canada"):
        add(archive, organisation, number)
    assert ledger_size(archive, organisation.id) == before
    assert add(archive, organisation, "+17875550100").e164 == "+17875550100"


@pytest.mark.parametrize("location", ["x" * 201, "two\nlines", "a\x00b"])
def test_a_location_is_one_short_line(archive: Archive, organisation: OrganisationRow, location: str) -> None:
    with pytest.raises(BadInput):
        add(archive, organisation, location=location)


def test_a_state_changes_once_and_says_from_what_to_what(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    row = add(archive, organisation)
    clock.advance(days=1)
    for _ in range(2):
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            changed = set_state(tx, row.id, NumberState.AUTHORISED)
    assert (changed.state, changed.since, changed.added_at) == ("authorised", clock(), row.added_at)
    assert kinds(archive, organisation) == ["number.added", "number.state-changed"]


def test_a_number_of_another_organisation_is_not_there(archive: Archive, organisation: OrganisationRow) -> None:
    row = add(archive, organisation)
    name = f"beside {organisation.id}"
    other = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
    with pytest.raises(NotFound), archive.transactions.write(other.id, OPERATOR) as tx:
        set_state(tx, row.id, NumberState.AUTHORISED)
    assert add(archive, other).e164 == OWN_NUMBER, "and may be the other's, too"


def test_numbers_are_looked_up_by_address_and_by_place(archive: Archive, organisation: OrganisationRow) -> None:
    add(archive, organisation, location="Austin")
    add(archive, organisation, "+12125550124", location="Boston")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [row.e164 for row in all_numbers(tx)] == [OWN_NUMBER, "+12125550124"]
        assert numbers_at(tx, "AUSTIN") == [OWN_NUMBER]
        assert number_by_e164(tx, "+12125550199") is None
        assert states_among(tx, [OWN_NUMBER, "+12125550199"]) == {OWN_NUMBER: NumberState.UNAUTHORISED}
        assert states_among(tx, []) == {}
