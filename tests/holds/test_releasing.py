"""Letting go takes two people, says in numbers what it does, and goes back through a whole plan."""

from datetime import date, timedelta

import pytest

from archive.access.api_keys import make_key
from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR, Actor
from archive.core.errors import BadInput, Conflict, NotFound, NotPermitted
from archive.holds.reading import read_hold
from archive.holds.releasing import approve_release, ask_release, refuse_release, release_effect
from archive.retention.explaining import explain
from archive.retention.settling import settle
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import DANA, LEE, held, hold, release, texts
from tests.taking_in import trail


def test_one_person_asks_and_another_allows(archive: Archive, organisation: OrganisationRow) -> None:
    first, second = texts(archive, organisation, {"text": "refund one"}, {"text": "refund two"})
    both = hold(archive, organisation, "refund").hold_id
    hold(archive, organisation, f"serial:{second}")
    with archive.transactions.write(organisation.id, DANA) as tx:
        ask_release(tx, both, " Settled out of court ")
    with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(NotPermitted):
        approve_release(tx, both, 1)
    with archive.transactions.write(organisation.id, LEE) as tx:
        effect = release_effect(tx, both)
        assert (effect.covered, effect.freed, effect.planned) == (2, 1, 0)
        assert approve_release(tx, both, 1) == effect
        assert not read_hold(tx, both).is_active
    assert held(archive, organisation, [first, second]) == [second]
    asked, released = (trail(archive, organisation, f"hold.{kind}")[0] for kind in ("release-asked", "released"))
    assert (asked.actor, asked.private) == (str(DANA), {"reason": "Settled out of court"})
    assert (released.actor, released.detail["asked_by"]) == (str(LEE), str(DANA))
    assert (released.detail["count"], released.detail["freed"]) == (2, 1)


def test_the_number_that_was_shown_has_to_be_the_number_that_is_true(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {"text": "refund"})
    hold_id = hold(archive, organisation, "refund").hold_id
    with archive.transactions.write(organisation.id, DANA) as tx:
        ask_release(tx, hold_id, "Settled")
    texts(archive, organisation, {"text": "another refund"})
    with archive.transactions.write(organisation.id, LEE) as tx, pytest.raises(Conflict, match="free 2 texts, not 1"):
        approve_release(tx, hold_id, 1)
    with archive.transactions.write(organisation.id, LEE) as tx:
        approve_release(tx, hold_id, 2)


def test_nobody_is_two_people_through_a_program(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    hold_id = hold(archive, organisation, "friday").hold_id
    with archive.transactions.write(organisation.id, DANA) as tx:
        key = Actor("key", make_key(tx, name="Case system", scopes=["*"])[0].id)
    with archive.transactions.write(organisation.id, key) as tx:
        ask_release(tx, hold_id, "Settled")
    for actor in (DANA, key, Actor("key", "apk_other")):
        with archive.transactions.write(organisation.id, actor) as tx, pytest.raises(NotPermitted):
            approve_release(tx, hold_id, 1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        approve_release(tx, hold_id, 1)


def test_what_was_not_asked_for_is_not_released_and_nothing_twice(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    hold_id = hold(archive, organisation, "friday").hold_id
    with archive.transactions.write(organisation.id, LEE) as tx, pytest.raises(Conflict, match="Nobody has asked"):
        approve_release(tx, hold_id, 1)
    with archive.transactions.write(organisation.id, LEE) as tx, pytest.raises(BadInput):
        ask_release(tx, hold_id, " ")
    assert release(archive, organisation, hold_id) == 1
    for again in (approve_release, ask_release):
        with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(Conflict, match="released already"):
            again(tx, hold_id, "1")  # type: ignore[arg-type]
    with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(NotFound):
        release_effect(tx, "hld_nothing")


def test_a_refusal_leaves_the_hold_as_it_was(archive: Archive, organisation: OrganisationRow) -> None:
    serials = texts(archive, organisation, {})
    hold_id = hold(archive, organisation, "friday").hold_id
    with archive.transactions.write(organisation.id, DANA) as tx:
        ask_release(tx, hold_id, "Settled")
    with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(Conflict, match="asked for already"):
        ask_release(tx, hold_id, "Settled")
    with archive.transactions.write(organisation.id, LEE) as tx:
        refuse_release(tx, hold_id)
        assert read_hold(tx, hold_id).asked_by is None
    with archive.transactions.write(organisation.id, LEE) as tx, pytest.raises(Conflict, match="Nobody has asked"):
        approve_release(tx, hold_id, 1)
    assert held(archive, organisation, serials) == serials


@pytest.mark.parametrize("days", [0, 390, 392, 393, 399, 400, 401, 500])
def test_what_is_released_goes_on_its_own_day_but_never_without_a_week_in_a_plan(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, days: int
) -> None:
    (serial,) = texts(archive, organisation, {})
    hold_id = hold(archive, organisation, "friday").hold_id
    clock.advance(days=days)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        if days > 400:
            assert settle(tx, [serial]).held == [serial]
    release(archive, organisation, hold_id)
    own_day, today = date(2027, 12, 28), clock().date()
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        due_on = explain(tx, serial).due_on
    assert due_on == max(own_day, today + timedelta(days=8))
