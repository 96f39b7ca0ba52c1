"""How long letters are valid and kept, what the job does when that is over, and what keeps a letter beyond it."""

from datetime import date, timedelta

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.health.model import of_letters
from archive.holds.covering import Found
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_found
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.ledger.trail import Wanted, read_trail
from archive.letters.destroying import keeping_of
from archive.letters.keeping import LetterPolicy, policy_of, set_policy, years_after
from archive.letters.model import Letter, LetterState
from archive.letters.reading import read_letter, state_of, take_pdf
from archive.letters.watching import Watched, due, watch
from archive.numbers.actions import add_number, set_state
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.proving import verify_organisation
from archive.retention.switch import resume_purging, stop_purging
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import line
from tests.letters.signing import NEEDS, OTHER_NEEDS, sign, standing

Numbers = tuple[str, str, str]
FOUR_YEARS = date(2030, 11, 24)


def set_to(archive: Archive, organisation: OrganisationRow, number: str, state: NumberState) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = number_by_e164(tx, number)
        assert row
        set_state(tx, row.id, state)


def state(archive: Archive, organisation: OrganisationRow, letter: Letter) -> LetterState:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return state_of(read_letter(tx, letter.id), tx.now)


def put_policy(archive: Archive, organisation: OrganisationRow, policy: LetterPolicy) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_policy(tx, policy)


@pytest.fixture
def released(archive: Archive, organisation: OrganisationRow, clock: StandingClock, numbers: Numbers) -> Letter:
    """A letter whose numbers are released on the next day, and so to be kept until 24 November 2030."""
    letter = sign(archive, organisation, NEEDS, OTHER_NEEDS)
    set_to(archive, organisation, NEEDS, NumberState.RELEASED)
    clock.advance(days=1)
    set_to(archive, organisation, OTHER_NEEDS, NumberState.RELEASED)
    return letter


def goto(clock: StandingClock, day: date) -> None:
    clock.now = clock.now.replace(year=day.year, month=day.month, day=day.day)


def test_letters_are_kept_four_years_and_only_ever_longer(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert policy_of(tx) == LetterPolicy(None, 4)
    put_policy(archive, organisation, LetterPolicy(365, 6))
    put_policy(archive, organisation, LetterPolicy(None, 6))
    with pytest.raises(Conflict, match="6 years, and that can't be made less"):
        put_policy(archive, organisation, LetterPolicy(None, 5))
    for wrong in (LetterPolicy(None, 3), LetterPolicy(29, 6), LetterPolicy(3_651, 6), LetterPolicy(None, 101)):
        with pytest.raises(BadInput):
            put_policy(archive, organisation, wrong)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert policy_of(tx) == LetterPolicy(None, 6)
        assert len(read_trail(tx, Wanted(kind="letter.policy-set"), 10, details=False)) == 2


def test_years_are_those_of_the_calendar() -> None:
    assert years_after(date(2026, 11, 23), 4) == date(2030, 11, 23)
    assert years_after(date(2028, 2, 29), 4) == date(2032, 3, 1)
    assert years_after(date(2028, 2, 29), 5) == date(2033, 3, 1)


def test_a_letter_is_destroyed_once_its_time_is_over_and_not_a_day_before(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, released: Letter
) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert keeping_of(tx, released.id).until == FOUR_YEARS
    goto(clock, FOUR_YEARS)
    assert watch(archive.transactions, organisation.id) == Watched(0, 0)
    assert state(archive, organisation, released) is LetterState.IN_FORCE
    clock.advance(days=1)
    assert watch(archive.transactions, organisation.id) == Watched(0, 1)
    assert state(archive, organisation, released) is LetterState.DESTROYED
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_letter(tx, released.id).evidence is None
        with pytest.raises(NotFound, match="is destroyed"):
            take_pdf(tx, released.id)
        (entry,) = read_trail(tx, Wanted(kind="letter.destroyed"), 10, details=True)
    assert entry.detail == {"released_on": "2026-11-24", "keep_years": 4}
    assert watch(archive.transactions, organisation.id) == Watched(0, 0)
    assert verify_organisation(archive.transactions, archive.vault, organisation).faults == []
    with archive.engine.connect() as connection:
        left = connection.exec_driver_sql(f"SELECT count(*) FROM letter_paper WHERE letter_id = '{released.id}'")
        assert left.scalar() == 0


def test_a_number_that_is_added_again_keeps_its_letter(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, released: Letter
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, NEEDS)
    goto(clock, FOUR_YEARS + timedelta(days=400))
    assert watch(archive.transactions, organisation.id) == Watched(0, 0)
    set_to(archive, organisation, NEEDS, NumberState.RELEASED)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert keeping_of(tx, released.id).until == date(2035, 12, 29)


def test_a_longer_policy_reaches_letters_that_are_there(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, released: Letter
) -> None:
    put_policy(archive, organisation, LetterPolicy(None, 7))
    goto(clock, FOUR_YEARS + timedelta(days=2))
    assert watch(archive.transactions, organisation.id) == Watched(0, 0)
    goto(clock, date(2033, 11, 25))
    assert watch(archive.transactions, organisation.id) == Watched(0, 1)


@pytest.mark.parametrize(
    "query",
    [f"number:{NEEDS}", f"wire number:{OTHER_NEEDS}", f"wire -number:{NEEDS}", "location:austin", "hello"],
)
def test_no_letter_goes_under_a_legal_hold_that_is_about_one_of_its_numbers(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, released: Letter, query: str
) -> None:
    """By naming it, or by holding a text of it."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        (outcome,) = receive(tx, [arrival(line(text="hello", to=[NEEDS]), tx.now, "test")])
        assert outcome.serial
        found = Found((outcome.serial,)) if query == "hello" else Found()
        place_found(tx, HoldOrder("A matter", Predicate(query), "Letter of counsel"), found, tx.ledger_size)
    goto(clock, FOUR_YEARS + timedelta(days=900))
    assert watch(archive.transactions, organisation.id) == Watched(0, 0)
    assert state(archive, organisation, released) is LetterState.IN_FORCE


def test_a_hold_on_something_else_keeps_no_letter(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, released: Letter
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        place_found(tx, HoldOrder("A matter", Predicate("number:+14155550111"), "x"), Found(), tx.ledger_size)
    goto(clock, FOUR_YEARS + timedelta(days=1))
    assert watch(archive.transactions, organisation.id) == Watched(0, 1)


def test_while_purging_is_stopped_no_letter_goes(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, released: Letter
) -> None:
    goto(clock, FOUR_YEARS + timedelta(days=1))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        stop_purging(tx, "Counsel asks")
    assert watch(archive.transactions, organisation.id) == Watched(0, 0)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        resume_purging(tx)
    assert watch(archive.transactions, organisation.id) == Watched(0, 1)


@pytest.mark.tampers
def test_a_letter_that_was_tampered_with_is_not_destroyed(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, released: Letter
) -> None:
    goto(clock, FOUR_YEARS + timedelta(days=1))
    with archive.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE letter SET form = 'paper' WHERE id = '{released.id}'")
    assert watch(archive.transactions, organisation.id) == Watched(0, 0)


def test_what_rests_on_a_letter_that_has_ended_is_withdrawn_and_somebody_is_told_before(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, numbers: Numbers
) -> None:
    other = sign(archive, organisation, OTHER_NEEDS)
    put_policy(archive, organisation, LetterPolicy(60, 4))
    letter = sign(archive, organisation, NEEDS, OTHER_NEEDS)
    assert letter.last_day == date(2027, 1, 22)

    def told() -> list[str]:
        with archive.transactions.read(organisation.id, OPERATOR) as tx:
            return [f"{one.state}: {one.what}" for one in of_letters(due(tx), tx.now.date())]

    assert told() == ["ok: 0 numbers need a letter, 2 fresh letters, the next until 2026-12-23"]
    goto(clock, date(2026, 12, 23))
    assert told() == [f"warning: 2 numbers rest on {letter.id}, which ends on 2027-01-22"]
    goto(clock, date(2027, 1, 22))
    assert watch(archive.transactions, organisation.id) == Watched(0, 0)
    clock.advance(days=1)
    assert told() == [f"warning: 2 numbers rest on {letter.id}, which ended on 2027-01-22"]
    assert watch(archive.transactions, organisation.id) == Watched(1, 0)
    assert standing(archive, organisation, NEEDS) == (NumberState.LOA_REQUIRED, None)
    assert standing(archive, organisation, OTHER_NEEDS) == (NumberState.AUTHORISED, other.id)
    assert state(archive, organisation, letter) is LetterState.EXPIRED
    assert told() == ["ok: 1 numbers need a letter"]
