"""Plans: a week ahead, each once, with what they will take and what speaks against it."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR, Actor
from archive.core.errors import Conflict, Damaged, NotPermitted
from archive.holds.events import digest_of
from archive.keys.keyring import Purpose
from archive.messages.store import MessageRow
from archive.retention.approving import approve_batch
from archive.retention.batch import Standing, end_of
from archive.retention.breakers import Breaker
from archive.retention.model import Scope
from archive.retention.own_clock import behind, probes
from archive.retention.period import Period
from archive.retention.policies import add_policy
from archive.retention.settling import serials_due
from archive.wiring import Archive
from tests.holds.ordering import DANA, hold, release, texts
from tests.items import STRANGER, line, take_in
from tests.retention.purging import DAY, batch, batches, clock_of, go_to, plan, plan_time, planned, purge_time, run
from tests.taking_in import trail

OTHER_NUMBER = "+12125550199"


def test_a_day_is_planned_when_it_is_a_week_away_and_not_before(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    go_to(archive, end_of(DAY) - timedelta(days=8, microseconds=1))
    assert plan(archive, organisation) == []
    go_to(archive, end_of(DAY) - timedelta(days=8))
    assert [one.id for one in plan(archive, organisation)] == [DAY.isoformat()]


def test_a_day_is_planned_once(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    assert len(planned(archive, organisation)) == 1
    assert plan(archive, organisation) == []
    clock_of(archive).advance(days=6)
    assert plan(archive, organisation) == []


def test_a_plan_says_what_it_will_take_and_what_it_will_not(archive: Archive, organisation: OrganisationRow) -> None:
    ours = texts(archive, organisation, {"text": "one"}, {"text": "two"}, {"text": "three", "to": [OTHER_NUMBER]})
    texts(archive, organisation, {"text": "a refund"})
    longer = texts(archive, organisation, {"text": "four", "to": ["+12125550177"]})
    hold(archive, organisation, "refund")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, Scope(number="+12125550177"), Period(years=3))
    (made,) = planned(archive, organisation)
    assert (made.texts, made.items, made.held, made.longer) == (3, 0, 1, len(longer))
    assert made.numbers == {"+12125550123": 2, OTHER_NUMBER: 1}
    assert made.serials == ours
    assert made.trips == ()
    (entry,) = trail(archive, organisation, "purge.planned")
    assert entry.subject == f"batch:{DAY}"
    assert entry.detail == {
        "day": DAY.isoformat(),
        "texts": 3,
        "items": 0,
        "held": 1,
        "longer": 1,
        "numbers": 2,
        "digest": digest_of(ours),
        "policy": made.policy,
        "trips": [],
    }
    assert batch(archive, organisation) == made


def test_nothing_that_the_ledger_says_of_a_plan_is_personal(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {"text": "secret"})
    planned(archive, organisation)
    (entry,) = trail(archive, organisation, "purge.planned")
    assert STRANGER not in str(entry)
    assert "secret" not in str(entry)


def test_quarantined_items_are_in_the_plan_of_their_day(archive: Archive, organisation: OrganisationRow) -> None:
    (broken,) = take_in(archive, organisation.id, b"{broken")
    (made,) = planned(archive, organisation)
    assert (made.texts, made.items, made.serials) == (0, 1, [broken.serial])


def test_a_day_with_nothing_but_a_key_is_planned_so_that_the_key_goes(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.key(Purpose.records_expiring(DAY))
    (made,) = planned(archive, organisation)
    assert made.size == 0


def test_days_that_nobody_planned_in_time_are_planned_late_and_say_so(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    go_to(archive, end_of(DAY) - timedelta(days=2))
    (made,) = plan(archive, organisation)
    assert [trip.breaker for trip in made.trips] == [Breaker.WEEK]
    assert made.standing(archive.clock()) is Standing.WAITING


def test_a_large_batch_is_stopped_for_its_size_and_share(archive: Archive, organisation: OrganisationRow) -> None:
    lines = [line(f"SM{number}") for number in range(101)]
    take_in(archive, organisation.id, *lines)
    (made,) = planned(archive, organisation)
    assert [trip.breaker for trip in made.trips] == [Breaker.SHARE]
    (entry,) = trail(archive, organisation, "purge.planned")
    assert entry.detail["trips"] == ["share"]


def test_what_is_usual_is_told_by_the_days_around(archive: Archive, organisation: OrganisationRow) -> None:
    for day in range(9):
        count = 110 if day == 4 else 40
        take_in(archive, organisation.id, *[line(f"SM{day}-{number}") for number in range(count)])
        clock_of(archive).advance(days=1)
    go_to(archive, plan_time(DAY + timedelta(days=8)))
    trips = {made.expires_on: [trip.breaker for trip in made.trips] for made in plan(archive, organisation)}
    sizes = [day for day, found in trips.items() if Breaker.SIZE in found]
    assert sizes == [DAY + timedelta(days=4)]


def test_a_release_in_the_week_of_a_plan_is_not_added_to_it(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {"text": "a refund"})
    placed = hold(archive, organisation, "refund")
    (made,) = planned(archive, organisation)
    assert made.size == 0
    release(archive, organisation, placed.hold_id)
    clock_of(archive).advance(days=1)
    later = plan(archive, organisation)
    assert [(one.expires_on, one.size) for one in later] == [(plan_time().date() + timedelta(days=8), 1)]


@pytest.mark.tampers
def test_a_policy_that_the_ledger_does_not_know_is_no_ground_for_a_plan(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    insert = (
        "INSERT INTO retention_policy (org_id, version, days, existing, entry, since)"
        f" VALUES ({organisation.id}, 2, 400, :yes, 5, 0)"
    )
    with archive.engine.begin() as connection:
        connection.execute(text(insert), {"yes": True})
    with pytest.raises(Damaged, match="policy"):
        planned(archive, organisation)


# --- A clock that was wrong ---


def test_a_plan_that_a_clock_ahead_has_made_is_withdrawn(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    here = archive.clock()
    planned(archive, organisation)
    clock_of(archive).now = here
    more = texts(archive, organisation, {"text": "more"})
    plan(archive, organisation)
    assert batches(archive, organisation) == []
    assert len(trail(archive, organisation, "purge.withdrawn")) == 1
    (again,) = planned(archive, organisation)
    assert again.id == DAY.isoformat()
    assert more[0] in again.serials


def test_texts_that_came_in_while_our_clock_stood_behind_stop_their_batch(
    archive: Archive, organisation: OrganisationRow
) -> None:
    clock = clock_of(archive)
    here = clock.now
    texts(archive, organisation, {"text": "before"})
    clock.now = here - timedelta(days=300)
    early = texts(archive, organisation, {"text": "while"}, {"text": "the clock"}, {"text": "was wrong"})
    clock.now = here + timedelta(hours=1)
    go_to(archive, plan_time(DAY - timedelta(days=300)))
    (made,) = plan(archive, organisation)
    assert made.serials == early
    assert [trip.breaker for trip in made.trips] == [Breaker.YOUNG]
    assert f"{here + timedelta(days=400):%Y-%m-%d}" in made.trips[0].because


def test_two_machines_whose_clocks_differ_by_a_minute_stop_nothing(
    archive: Archive, organisation: OrganisationRow
) -> None:
    clock = clock_of(archive)
    serials = texts(archive, organisation, {"text": "here"})
    clock.advance(seconds=-100)
    serials += texts(archive, organisation, {"text": "there"})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert behind(tx, serials) == {}
    clock.advance(seconds=-100)
    late = texts(archive, organisation, {"text": "too far"})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert behind(tx, serials + late) == {late[0]: timedelta(seconds=200)}


@pytest.mark.parametrize("begin", [2, 5, 17, 100, 777])
@pytest.mark.parametrize("length", [1, 2, 9, 400])
def test_wherever_wrong_time_began_something_right_is_looked_at(begin: int, length: int) -> None:
    """For a ledger whose entries from `begin` on are wrong: each of them has a probe before it."""
    for serial in range(begin, begin + length):
        before = [probe for probe in probes(serial) if probe < begin]
        assert before or serial - begin >= begin, (serial, begin)


# --- Approving ---


def test_a_person_lets_a_stopped_batch_go_by_saying_how_many_it_takes(
    archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation.id, *[line(f"SM{number}") for number in range(101)])
    planned(archive, organisation)
    with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(Conflict, match="101"):
        approve_batch(tx, DAY.isoformat(), 100)
    with archive.transactions.write(organisation.id, DANA) as tx:
        allowed = approve_batch(tx, DAY.isoformat(), 101)
    assert allowed.standing(archive.clock()) is Standing.APPROVED
    assert allowed.approval is not None
    assert allowed.approval.by == str(DANA)
    (entry,) = trail(archive, organisation, "purge.approved")
    assert entry.detail == {"texts": 101, "items": 0, "trips": ["share"]}
    with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(Conflict, match="Nothing stops"):
        approve_batch(tx, DAY.isoformat(), 101)
    go_to(archive, purge_time())
    assert [one.id for one in run(archive, organisation).certified] == [DAY.isoformat()]


def test_a_program_lets_nothing_go(archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation.id, *[line(f"SM{number}") for number in range(101)])
    planned(archive, organisation)
    for actor in (Actor("key", "key_1"), Actor("job", "purge")):
        with archive.transactions.write(organisation.id, actor) as tx, pytest.raises(NotPermitted):
            approve_batch(tx, DAY.isoformat(), 101)


def test_what_nothing_stops_can_not_be_approved(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    planned(archive, organisation)
    with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(Conflict):
        approve_batch(tx, DAY.isoformat(), 1)


@pytest.mark.tampers
def test_a_text_whose_day_was_moved_into_the_past_is_planned_and_then_found_not_due(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """`due_on` is bookkeeping: whoever changes it destroys nothing."""
    (serial,) = texts(archive, organisation, {})
    with archive.engine.begin() as connection:
        connection.execute(
            update(MessageRow)
            .where(MessageRow.org_id == organisation.id)
            .values(due_on=archive.clock().date() - timedelta(days=3))
        )
    (made,) = plan(archive, organisation)
    assert (made.size, made.longer) == (0, 1)
    clock_of(archive).advance(days=8)
    ran = run(archive, organisation)
    assert [one.destroyed for one in ran.certified] == [[]]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert serials_due(tx, DAY) == [serial]
