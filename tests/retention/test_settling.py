"""What a batch finds on its day: what may go, and what stays, sealed anew under a key that outlives the batch."""

from datetime import date

import pytest
from sqlalchemy import select, text, update

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged
from archive.keys.keyring import DataKeyRow
from archive.messages.store import MessageRow
from archive.proving import verify_organisation
from archive.retention.model import EVERYTHING, Scope
from archive.retention.period import Period
from archive.retention.policies import add_policy
from archive.retention.settling import Plan, Settled, serials_due, serials_sealed_by, settle
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import hold, release, texts
from tests.items import OWN_NUMBER, read_back
from tests.taking_in import trail

DAY = date(2027, 12, 28)


def key_of(archive: Archive, organisation: OrganisationRow, serial: int) -> tuple[str, str]:
    """(purpose, period) of the key that a text is sealed under."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        key_id = select(MessageRow.key_id).where(MessageRow.seq == serial).scalar_subquery()
        row = tx.session.scalars(select(DataKeyRow).where(DataKeyRow.id == key_id)).one()
    return row.purpose, row.period


def settled(archive: Archive, organisation: OrganisationRow, serials: list[int]) -> Settled:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return settle(tx, serials)


def noted(archive: Archive, organisation: OrganisationRow) -> dict[str, object]:
    """What the ledger says of what was kept last."""
    return trail(archive, organisation, "retention.kept")[0].detail


def settled_by(archive: Archive, organisation: OrganisationRow, serials: list[int], plan: Plan) -> Settled:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return settle(tx, serials, plan)


def due(archive: Archive, organisation: OrganisationRow, on: date) -> list[int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return serials_due(tx, on)


def test_what_nothing_keeps_may_go_and_is_left_as_it_is(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {}, {"text": "more"})
    assert due(archive, organisation, DAY) == serials
    clock.advance(days=400)
    assert settled(archive, organisation, serials) == Settled(going=serials)
    assert key_of(archive, organisation, serials[0]) == ("day", "2027-12-28")


def test_a_moment_before_its_time_nothing_goes(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {})
    clock.advance(days=400, microseconds=-1)
    assert settled(archive, organisation, serials).going == []
    clock.advance(microseconds=1)
    assert settled(archive, organisation, serials).going == serials


def test_what_is_held_moves_under_the_key_of_its_hold_and_no_batch_looks_at_it_any_more(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    kept, free = texts(archive, organisation, {"text": "refund"}, {"text": "else"})
    hold_id = hold(archive, organisation, "refund").hold_id
    before = read_back(archive, organisation.id, kept)
    clock.advance(days=401)
    assert settled(archive, organisation, [kept, free]) == Settled(going=[free], held=[kept])
    assert key_of(archive, organisation, kept) == ("hold", hold_id)
    assert due(archive, organisation, DAY) == [free]
    assert read_back(archive, organisation.id, kept) == before
    assert noted(archive, organisation) == {"held": 1, "longer": 0, "later": 0}


def test_what_a_longer_policy_keeps_moves_to_the_day_that_it_names(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    kept, free = texts(archive, organisation, {}, {"to": ["+12125550199"]})
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, Scope(number=OWN_NUMBER), Period(years=3))
    clock.advance(days=401)
    assert settled(archive, organisation, [kept, free]) == Settled(going=[free], longer=[kept])
    assert key_of(archive, organisation, kept) == ("day", "2029-11-23")
    assert due(archive, organisation, date(2029, 11, 23)) == [kept]
    assert noted(archive, organisation) == {"held": 0, "longer": 1, "later": 0}


def test_what_is_held_and_kept_longer_moves_to_its_later_day_and_then_to_its_hold(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {})
    hold_id = hold(archive, organisation, "friday").hold_id
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, EVERYTHING, Period(years=3))
    clock.advance(days=401)
    assert settled(archive, organisation, serials).held == serials
    assert key_of(archive, organisation, serials[0]) == ("day", "2029-11-23")
    clock.advance(days=1_000)
    assert settled(archive, organisation, serials).held == serials
    assert key_of(archive, organisation, serials[0]) == ("hold", hold_id)


def test_what_was_released_waits_for_the_batch_that_has_it_in_its_plan(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {})
    hold_id = hold(archive, organisation, "friday").hold_id
    clock.advance(days=398)
    release(archive, organisation, hold_id)
    clock.advance(days=3)
    # The batch of its own day is not the one that takes it; but its day's key goes, so it may not stay under it.
    assert settled(archive, organisation, serials).later == serials
    assert key_of(archive, organisation, serials[0]) == ("day", "2028-01-03")
    assert due(archive, organisation, date(2028, 1, 3)) == serials
    assert noted(archive, organisation) == {"held": 0, "longer": 0, "later": 1}
    clock.advance(days=6)
    assert settled(archive, organisation, serials).going == serials


def test_whatever_lies_under_a_key_is_found_before_the_key_goes(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    first, second = texts(archive, organisation, {"text": "refund"}, {"text": "refund again"})
    one = hold(archive, organisation, "refund").hold_id
    other = hold(archive, organisation, f"serial:{second}").hold_id
    clock.advance(days=401)
    settled(archive, organisation, [first, second])
    release(archive, organisation, one)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        key = tx.session.scalars(select(MessageRow.key_id).where(MessageRow.seq == first)).one()
        assert serials_sealed_by(tx, key) == [first, second]
        assert settle(tx, serials_sealed_by(tx, key)) == Settled(later=[first], held=[second])
        assert serials_sealed_by(tx, key) == []
    assert key_of(archive, organisation, first) == ("day", "2028-01-06")
    assert key_of(archive, organisation, second) == ("hold", other)


def test_what_is_being_destroyed_is_not_looked_at_again(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {}, {"text": "more"})
    clock.advance(days=401)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, EVERYTHING, Period(days=400))
        tx.session.execute(update(MessageRow).where(MessageRow.seq == serials[0]).values(shredding=tx.ledger_size))
        assert settle(tx, serials).going == serials[1:]
        assert serials_due(tx, DAY) == serials[1:]
        assert serials_sealed_by(tx, tx.session.scalars(select(MessageRow.key_id).distinct()).one()) == serials[1:]


def test_as_many_are_looked_for_at_once_as_are_asked_for(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, *({"text": f"number {at}"} for at in range(4)))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        key = tx.session.scalars(select(MessageRow.key_id).distinct()).one()
        assert (serials_due(tx, DAY, 3), serials_sealed_by(tx, key, 2)) == (serials[:3], serials[:2])


def test_what_is_held_on_its_very_day_moves_under_the_key_of_its_hold(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {})
    hold_id = hold(archive, organisation, "friday").hold_id
    clock.advance(days=400)
    assert settled(archive, organisation, serials).held == serials
    assert key_of(archive, organisation, serials[0]) == ("hold", hold_id)


def test_what_is_not_in_the_plan_waits_for_the_batch_whose_it_is_or_for_the_next_that_can_be_planned(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    planned, ours, held, nobodys = texts(
        archive, organisation, {"text": "planned"}, {"text": "ours"}, {"text": "refund"}, {"text": "nobody's"}
    )
    hold(archive, organisation, "refund")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, EVERYTHING, Period(days=400))
        another_day = update(MessageRow).where(MessageRow.seq == ours)
        tx.session.execute(another_day.values(due_on=date(2027, 12, 20)))
    clock.advance(days=401)
    plan = Plan(frozenset([planned]), frozenset([date(2027, 12, 20)]))
    found = settled_by(archive, organisation, [planned, ours, held, nobodys], plan)
    assert found == Settled(going=[planned], held=[held], unplanned=[ours, nobodys])
    assert key_of(archive, organisation, ours) == ("day", "2027-12-20")
    assert due(archive, organisation, date(2027, 12, 20)) == [ours]
    assert key_of(archive, organisation, nobodys) == ("day", "2028-01-06")
    assert due(archive, organisation, date(2028, 1, 6)) == [nobodys]
    assert noted(archive, organisation) == {
        **{"held": 1, "longer": 0, "later": 0},
        **{"unplanned": 2, "not_before": "2028-01-06"},
    }


def test_a_plan_without_serials_takes_whatever_has_had_its_time(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {})
    clock.advance(days=401)
    assert settled_by(archive, organisation, serials, Plan(None, frozenset([DAY]))) == Settled(going=serials)
    assert trail(archive, organisation, "retention.kept") == []


def test_another_organisation_s_text_of_the_same_serial_is_left_where_it_is(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    other = create_organisation(archive.transactions, "Beside " + organisation.name, OPERATOR, "http://127.0.0.1")
    ours, theirs = texts(archive, organisation, {}), texts(archive, other, {})
    assert ours == theirs
    hold_id = hold(archive, organisation, "friday").hold_id
    clock.advance(days=401)
    assert settled(archive, organisation, ours).held == ours
    assert key_of(archive, organisation, ours[0]) == ("hold", hold_id)
    assert key_of(archive, other, theirs[0]) == ("day", "2027-12-28")
    assert due(archive, other, DAY) == theirs


def test_a_ledger_with_settled_texts_verifies(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {"text": "refund"}, {}, {"to": ["+12125550199"]})
    hold(archive, organisation, "refund")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, Scope(number="+12125550199"), Period(years=3))
    clock.advance(days=401)
    settled(archive, organisation, serials)
    report = verify_organisation(archive.transactions, archive.vault, organisation)
    assert report.faults == []


@pytest.mark.tampers
def test_a_policy_that_the_ledger_does_not_know_stops_everything(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {})
    clock.advance(days=401)
    insert = (
        "INSERT INTO retention_policy (org_id, version, days, existing, entry, since)"
        f" VALUES ({organisation.id}, 2, 400, :yes, 5, 0)"
    )
    with archive.engine.begin() as connection:
        connection.execute(text(insert), {"yes": True})
    with archive.transactions.write(organisation.id, OPERATOR) as tx, pytest.raises(Damaged, match="policy"):
        settle(tx, serials)


@pytest.mark.tampers
def test_a_text_that_is_not_what_it_was_is_not_sealed_anew(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {})
    hold(archive, organisation, "friday")
    clock.advance(days=401)
    change = update(MessageRow).where(MessageRow.org_id == organisation.id).values(provider_id="other")
    with archive.engine.begin() as connection:
        connection.execute(change)
    with archive.transactions.write(organisation.id, OPERATOR) as tx, pytest.raises(Damaged):
        settle(tx, serials)
