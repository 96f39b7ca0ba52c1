"""Users: who holds which number, now and then, and how the name of a number's holder stays theirs."""

from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.details import BadDetail
from archive.core.errors import BadInput, Conflict, NotFound
from archive.ledger.trail import Wanted, read_trail
from archive.locations.actions import change_location, found_by_name
from archive.locations.store import location_by_name
from archive.numbers.actions import add_number, assign, set_state
from archive.numbers.history import held_by, number_at, past_of
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.users.actions import add_user, change_user, found, found_by
from archive.users.holding import read
from archive.users.model import User, checked
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, ledger_size

SECOND = "+12125550124"
DANA = User("Dana Whitfield", "Dana@Harbour.example", "Austin", OWN_NUMBER, "4711")


@pytest.fixture(autouse=True)
def numbers(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, OWN_NUMBER, location="Austin", label="Front desk")
        add_number(tx, SECOND, location="Austin")


def add(archive: Archive, organisation: OrganisationRow, user: User = DANA) -> str:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return add_user(tx, user).id


def change(archive: Archive, organisation: OrganisationRow, user_id: str, **changes: Any) -> User:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return read(tx, change_user(tx, user_id, **changes))


def user(archive: Archive, organisation: OrganisationRow, user_id: str) -> User:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return read(tx, found(tx, user_id))


def holder(archive: Archive, organisation: OrganisationRow, number: str = OWN_NUMBER) -> tuple[str, str | None]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        row = number_by_e164(tx, number)
        assert row
        return row.label, row.user_id


def test_a_primary_number_is_assigned_to_its_user(archive: Archive, organisation: OrganisationRow) -> None:
    user_id = add(archive, organisation)
    assert user(archive, organisation, user_id) == checked(DANA)
    assert holder(archive, organisation) == ("Dana Whitfield", user_id)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        entry = read_trail(tx, Wanted(kind="user.added"), 1, details=True)[0]
        given = read_trail(tx, Wanted(kind="number.assigned"), 1, details=True)[0]
    assert (given.detail["user_id"], given.private["holder"]) == (user_id, "Dana Whitfield")
    assert entry.detail == {"location": "Austin", "primary_number": OWN_NUMBER}
    assert entry.private == {"name": "Dana Whitfield", "email": "dana@harbour.example", "extension": "4711"}


def test_who_held_a_number_is_known_at_each_moment(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    start = clock.now
    clock.advance(days=1)
    dana = add(archive, organisation)
    clock.advance(days=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_state(tx, past_of(tx, OWN_NUMBER).number.id, NumberState.AUTHORISED)
    clock.advance(days=1)
    kit = add(archive, organisation, User("Kit", primary_number=OWN_NUMBER))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        stretches = [number_at(tx, OWN_NUMBER, at) for at in (start, clock.now.replace(day=24), clock.now)]
        assert [then and then.user_id for then in stretches] == [None, dana, kit]
        held = held_by(tx, dana)
        assert [(one.number.e164, (one.since - start).days, one.until) for one in held] == [
            (OWN_NUMBER, 1, clock.now)
        ], "a change of state is no other holding"
        assert held_by(tx, kit)[0].until is None
    assert user(archive, organisation, dana).primary_number == "", "it is somebody else's now"
    assert stretches[2]
    assert stretches[2].state is NumberState.AUTHORISED, "a new holder changes nothing about that"


def test_a_number_given_to_a_desk_or_released_is_nobodys_primary_number(
    archive: Archive, organisation: OrganisationRow
) -> None:
    dana = add(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        number = past_of(tx, OWN_NUMBER).number.id
        assign(tx, number, label="Front desk")
    assert user(archive, organisation, dana).primary_number == ""
    assert holder(archive, organisation) == ("Front desk", None)
    change(archive, organisation, dana, primary_number=OWN_NUMBER)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_state(tx, number, NumberState.RELEASED)
    assert user(archive, organisation, dana).primary_number == ""
    with pytest.raises(BadDetail, match="not one of the numbers"):
        change(archive, organisation, dana, primary_number=OWN_NUMBER)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        told = [
            entry.detail.get("primary_number") for entry in read_trail(tx, Wanted("user.changed"), 9, details=False)
        ]
    assert told == [None, OWN_NUMBER, None]


def test_a_name_that_is_one_users_means_that_user_and_that_of_two_means_none(
    archive: Archive, organisation: OrganisationRow
) -> None:
    dana = add(archive, organisation, User("Dana"))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        number = past_of(tx, SECOND).number.id
        assign(tx, number, label="DANA")
    assert holder(archive, organisation, SECOND) == ("DANA", dana)
    add(archive, organisation, User("dana", "other@harbour.example"))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assign(tx, number, label="DANA", reason="nothing new")
    assert holder(archive, organisation, SECOND) == ("DANA", dana), "it goes on meaning the one that it meant"
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assign(tx, past_of(tx, OWN_NUMBER).number.id, label="Dana")
    assert holder(archive, organisation) == ("Dana", None)


def test_numbers_of_a_name_are_the_users_who_comes_to_be_called_so(
    archive: Archive, organisation: OrganisationRow
) -> None:
    desk = add(archive, organisation, User("front DESK"))
    assert holder(archive, organisation) == ("front DESK", desk)


def test_a_user_with_another_name_keeps_the_numbers(archive: Archive, organisation: OrganisationRow) -> None:
    dana = add(archive, organisation)
    change(archive, organisation, dana, name="Dana Brandt")
    assert holder(archive, organisation) == ("Dana Brandt", dana)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [stretch.label for stretch in past_of(tx, OWN_NUMBER).stretches] == [
            "Dana Brandt",
            "Dana Whitfield",
            "Front desk",
        ]


def test_two_users_may_swap_their_numbers(archive: Archive, organisation: OrganisationRow) -> None:
    dana, kit = add(archive, organisation), add(archive, organisation, User("Kit", primary_number=SECOND))
    change(archive, organisation, dana, primary_number=SECOND)
    change(archive, organisation, kit, primary_number=OWN_NUMBER)
    assert holder(archive, organisation) == ("Kit", kit)
    assert holder(archive, organisation, SECOND) == ("Dana Whitfield", dana)
    assert user(archive, organisation, dana).primary_number == SECOND


def test_a_user_is_at_a_location_whatever_it_is_called(archive: Archive, organisation: OrganisationRow) -> None:
    dana = add(archive, organisation, User("Dana", location="Boston"))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert location_by_name(tx, "Boston")
        change_location(tx, found_by_name(tx, "Boston").id, name="Boston HQ")
    assert user(archive, organisation, dana).location == "Boston HQ"
    before = ledger_size(archive, organisation.id)
    change(archive, organisation, dana, location="boston", name=" Dana ")
    assert ledger_size(archive, organisation.id) == before, "nothing of that is a change"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (User(""), "name"),
        (User("a" * 201), "name"),
        (User("Dana", "dana at harbour"), "email"),
        (User("Dana", "a@b\n"), "email"),
        (User("Dana", primary_number="desk"), "primary_number"),
        (User("Dana", primary_number="+12125550199"), "primary_number"),
        (User("Dana", extension="47-11"), "extension"),
    ],
)
def test_what_can_not_be_said_of_a_user_names_its_field(
    archive: Archive, organisation: OrganisationRow, wrong: User, field: str
) -> None:
    before = ledger_size(archive, organisation.id)
    with pytest.raises(BadDetail) as problem:
        add(archive, organisation, wrong)
    assert problem.value.field == field
    assert ledger_size(archive, organisation.id) == before


def test_an_address_is_one_users_and_finds_them(archive: Archive, organisation: OrganisationRow) -> None:
    dana = add(archive, organisation)
    with pytest.raises(Conflict, match="the address of Dana Whitfield"):
        add(archive, organisation, User("Dana", "DANA@harbour.example"))
    add(archive, organisation, User("dana whitfield"))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert found_by(tx, "DANA@harbour.example").id == found_by(tx, dana).id == dana
        with pytest.raises(BadInput, match="2 users"):
            found_by(tx, "Dana Whitfield")
        for nobody in ("Eve", "", " "):
            with pytest.raises(NotFound):
                found_by(tx, nobody)
