"""What a number was at any moment, with who changed it and why."""

from datetime import timedelta

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.ledger.trail import Wanted, read_trail
from archive.numbers.actions import add_number, assign, set_state
from archive.numbers.history import number_at, past_of
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, ledger_size

SECOND = timedelta(seconds=1)


@pytest.fixture
def number_id(archive: Archive, organisation: OrganisationRow, clock: StandingClock) -> str:
    """Added as unauthorised, a day later authorised, then given to Dana, then moved to Boston."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        found = add_number(tx, OWN_NUMBER, location="Austin", label="Kit").id
    clock.advance(days=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_state(tx, found, NumberState.AUTHORISED, "Letter of 20 November")
    clock.advance(days=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assign(tx, found, label="Dana", reason="Kit has left")
    clock.advance(days=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assign(tx, found, location="Boston")
    return found


def test_a_number_is_at_each_moment_what_it_was_then(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, number_id: str
) -> None:
    start = StandingClock().now
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        moments = [
            start - SECOND,
            start,
            start + timedelta(days=1) - SECOND,
            *(start + timedelta(days=d) for d in (1, 2, 3)),
        ]
        found = [number_at(tx, OWN_NUMBER, at) for at in moments]
        assert number_at(tx, "+12125550199", start) is None
    assert [(then.state.value, then.location, then.label) if then else None for then in found] == [
        None,
        ("unauthorised", "Austin", "Kit"),
        ("unauthorised", "Austin", "Kit"),
        ("authorised", "Austin", "Kit"),
        ("authorised", "Austin", "Dana"),
        ("unauthorised", "Boston", "Dana"),
    ]


def test_every_change_is_an_entry_with_its_reason_sealed(
    archive: Archive, organisation: OrganisationRow, number_id: str
) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        past = past_of(tx, "(212) 555-0123")
        entries = {entry.seq: entry for entry in read_trail(tx, Wanted(), 100, details=True)}
    assert [entries[stretch.entry].subject for stretch in past.stretches] == [number_id] * 4
    assert [entries[stretch.entry].at for stretch in past.stretches] == [stretch.since for stretch in past.stretches]
    of_dana = entries[past.stretches[1].entry]
    assert of_dana.private == {"holder": "Dana", "reason": "Kit has left"}
    assert "Dana" not in str(of_dana.detail)
    assert [stretch.reason for stretch in past.stretches] == ["", "Kit has left", "Letter of 20 November", ""]


def test_what_changes_nothing_is_not_written(archive: Archive, organisation: OrganisationRow, number_id: str) -> None:
    before = ledger_size(archive, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assign(tx, number_id, location="Boston", label="Dana")
        set_state(tx, number_id, NumberState.UNAUTHORISED)
    assert ledger_size(archive, organisation.id) == before
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert len(past_of(tx, OWN_NUMBER).stretches) == 4


def test_a_released_number_is_added_again_as_unauthorised(
    archive: Archive, organisation: OrganisationRow, number_id: str
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_state(tx, number_id, NumberState.RELEASED, "Ported out")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        with pytest.raises(Conflict, match="is released"):
            assign(tx, number_id, label="Noor")
        back = add_number(tx, OWN_NUMBER, location="Chicago")
    assert (back.id, back.state, back.location, back.label) == (number_id, "unauthorised", "Chicago", "")


def test_changes_of_one_moment_count_in_their_order(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = add_number(tx, OWN_NUMBER)
        set_state(tx, row.id, NumberState.AUTHORISED)
        now = tx.now
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        then = number_at(tx, OWN_NUMBER, now)
    assert then
    assert then.state is NumberState.AUTHORISED


def test_the_history_of_another_organisation_is_not_there(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, number_id: str
) -> None:
    name = f"beside {organisation.id}"
    other = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
    with archive.transactions.write(other.id, OPERATOR) as tx:
        with pytest.raises(NotFound):
            past_of(tx, OWN_NUMBER)
        with pytest.raises(NotFound):
            assign(tx, number_id, label="Eve")
        assert number_at(tx, OWN_NUMBER, tx.now) is None


@pytest.mark.parametrize("reason", ["x" * 501, "two\nlines"])
def test_a_reason_is_one_short_line(archive: Archive, organisation: OrganisationRow, reason: str) -> None:
    with pytest.raises(BadInput), archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, OWN_NUMBER, reason=reason)
