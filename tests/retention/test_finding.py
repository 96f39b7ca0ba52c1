"""No text hides from its batch: a day that is later than its time is named, unless the ledger says why."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.messages.store import MessageRow
from archive.proving import verify_organisation
from archive.retention.changing import approve_proposal, propose
from archive.retention.finding import bring_forward, late_texts
from archive.retention.model import EVERYTHING
from archive.retention.period import Period
from archive.retention.policies import add_policy
from archive.retention.settling import settle
from archive.wiring import Archive
from jobs import due_days
from tests.conftest import StandingClock
from tests.holds.ordering import DANA, LEE, hold, release, texts
from tests.taking_in import trail


def late(archive: Archive, organisation: OrganisationRow) -> list[int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return [one.serial for one in late_texts(tx)]


def days(archive: Archive, organisation: OrganisationRow) -> list[date | None]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return list(tx.session.scalars(select(MessageRow.due_on).order_by(MessageRow.seq)))


def set_day(archive: Archive, serial: int, organisation: OrganisationRow, value: str) -> None:
    with archive.engine.begin() as connection:
        connection.execute(
            text(f"UPDATE message SET due_on = {value} WHERE seq = :seq AND org_id = :org"),
            {"seq": serial, "org": organisation.id},
        )


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("value", "hides"), [("due_on + 1", True), ("NULL", True), ("due_on - 1", False), ("0", False)]
)
def test_a_day_that_hides_a_text_is_found_and_one_that_is_too_early_hides_nothing(
    archive: Archive, organisation: OrganisationRow, value: str, hides: bool
) -> None:
    serial, _ = texts(archive, organisation, {}, {"text": "more"})
    set_day(archive, serial, organisation, value)
    assert late(archive, organisation) == [serial] * hides
    found = verify_organisation(archive.transactions, archive.vault, organisation).faults
    assert [fault.serial for fault in found] == [serial] * hides
    assert all("its time is over on 2027-12-28" in fault.what for fault in found)


@pytest.mark.tampers
def test_a_day_further_off_than_a_longer_policy_asks_for_is_found_too(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {}, {"text": "more"})
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, EVERYTHING, Period(days=500))
    clock.advance(days=401)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        settle(tx, serials)
    assert late(archive, organisation) == []
    set_day(archive, serials[0], organisation, "due_on + 1")
    assert late(archive, organisation) == serials[:1]


def test_what_is_held_or_was_released_to_a_later_day_hides_nothing(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = texts(archive, organisation, {}, {"text": "more on friday"})
    hold_id = hold(archive, organisation, "friday").hold_id
    clock.advance(days=401)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        settle(tx, serials)
    assert (late(archive, organisation), days(archive, organisation)) == ([], [None, None])
    release(archive, organisation, hold_id)
    assert (late(archive, organisation), days(archive, organisation)) == ([], [clock().date() + timedelta(days=8)] * 2)


def test_after_a_redating_every_batch_is_told_and_nothing_gets_into_one_that_is_planned(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, EVERYTHING, Period(years=6))
    texts(archive, organisation, {})
    clock.advance(days=395)
    texts(archive, organisation, {"text": "more"})
    clock.advance(days=3)
    with archive.transactions.write(organisation.id, DANA) as tx:
        proposal = propose(tx, EVERYTHING, Period(days=400), existing=True)[0].id
    with archive.transactions.write(organisation.id, LEE) as tx:
        approve_proposal(tx, proposal, 2)
    assert len(late(archive, organisation)) == 2
    assert due_days.run(archive)["texts_brought_forward"] >= 2
    assert days(archive, organisation) == [clock().date() + timedelta(days=8), clock().date() + timedelta(days=397)]
    assert bring_forward(archive.transactions, organisation.id) == 0
    assert late(archive, organisation) == []
    assert trail(archive, organisation, "retention.brought-forward")[0].detail["moved"] == 2


def test_where_nothing_was_redated_nothing_is_brought_forward(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    assert bring_forward(archive.transactions, organisation.id) == 0
