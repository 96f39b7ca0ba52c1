"""How long a text stays is written when it comes in: to the microsecond, and never less than the policy says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.messages.model import Message
from archive.retention.explaining import explain
from archive.retention.model import EVERYTHING, Scope
from archive.retention.period import MINIMUM_RESIDENCY, Period, dated
from archive.retention.policies import RetentionPolicyRow, add_policy, policies_in_force
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import line, read_back, take_in

moments = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def imported(archive: Archive, organisation: OrganisationRow, sent_at: str | None) -> Message:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        raw = line(sent_at=sent_at) if sent_at else line()
        outcome = receive(tx, [arrival(raw, tx.now, "import", anchor_on_sent=True)])[0]
    return read_back(archive, organisation.id, outcome.serial)


def test_a_text_stays_exactly_400_times_86400_seconds(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    clear = read_back(archive, organisation.id, take_in(archive, organisation.id, line())[0].serial).clear
    assert (clear.expires_at - clear.received_at).total_seconds() == 400 * 86_400
    assert clear.expires_at == datetime(2027, 12, 28, 9, 0, tzinfo=UTC)
    assert clear.policy == 1


@given(received=moments, days=st.integers(400, 20_000))
def test_days_are_86400_seconds_whatever_clocks_do_in_between(received: datetime, days: int) -> None:
    assert (dated(received, received, Period(days=days)) - received).total_seconds() == days * 86_400


def test_a_change_of_summer_time_shortens_nothing() -> None:
    local = datetime(2026, 3, 7, 12, 0, tzinfo=ZoneInfo("America/New_York"))
    received = local.astimezone(UTC)
    assert dated(received, received, Period(days=400)) - received == timedelta(seconds=400 * 86_400)


@given(anchor=moments, received=moments, days=st.integers(400, 5_000))
def test_nothing_goes_before_its_anchor_allows_or_within_thirty_days(
    anchor: datetime, received: datetime, days: int
) -> None:
    expires = dated(anchor, received, Period(days=days))
    assert expires >= anchor + timedelta(days=days)
    assert expires >= received + MINIMUM_RESIDENCY
    assert expires in (anchor + timedelta(days=days), received + MINIMUM_RESIDENCY)


@pytest.mark.parametrize(
    ("sent_at", "days_from_now", "anchor", "because"),
    [
        ("2026-11-13T09:00:00Z", 390, "sent", "policy"),
        ("2026-11-13T04:00:00-05:00", 390, "sent", "policy"),
        ("2010-01-01T00:00:00Z", 30, "sent", "residency"),
        ("2025-11-18T09:00:00Z", 30, "sent", "residency"),
        (None, 400, "received", "policy"),
        ("yesterday", 400, "received", "policy"),
        ("2026-11-23T09:00:01Z", 400, "received", "policy"),
        ("2099-01-01T00:00:00Z", 400, "received", "policy"),
    ],
)
def test_an_import_may_count_from_sending_but_never_from_a_date_that_is_missing_or_to_come(
    archive: Archive, organisation: OrganisationRow, sent_at: str | None, days_from_now: int, anchor: str, because: str
) -> None:
    message = imported(archive, organisation, sent_at)
    assert message.clear.expires_at - message.clear.received_at == timedelta(days=days_from_now)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        verdict = explain(tx, message.serial).verdict
    assert verdict.due_at == message.clear.expires_at
    assert (verdict.anchor, verdict.because) == (anchor, because)


def test_what_is_not_imported_counts_from_when_it_came_in(archive: Archive, organisation: OrganisationRow) -> None:
    serial = take_in(archive, organisation.id, line(sent_at="2026-01-01T00:00:00Z"))[0].serial
    clear = read_back(archive, organisation.id, serial).clear
    assert clear.expires_at == clear.received_at + timedelta(days=400)


def test_the_day_of_expiry_chooses_the_key(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    take_in(archive, organisation.id, line("SM1"), line("SM2"))
    clock.advance(days=1)
    take_in(archive, organisation.id, line("SM3"))
    with archive.engine.connect() as connection:
        days = connection.execute(
            text("SELECT period FROM message m JOIN data_key k ON k.id = key_id WHERE m.org_id = :org ORDER BY seq"),
            {"org": organisation.id},
        ).scalars()
        assert list(days) == ["2027-12-28", "2027-12-28", "2027-12-29"]


def test_the_newest_version_is_in_force_and_changes_no_text_that_is_there(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first = take_in(archive, organisation.id, line("SM1"))[0].serial
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, EVERYTHING, Period(years=3))
        add_policy(tx, EVERYTHING, Period(days=500))
        assert [policy.version for policy in policies_in_force(tx)] == [3]
    second = take_in(archive, organisation.id, line("SM2"))[0].serial
    old, new = (read_back(archive, organisation.id, serial).clear for serial in (first, second))
    assert (old.policy, old.expires_at - old.received_at) == (1, timedelta(days=400))
    assert (new.policy, new.expires_at - new.received_at) == (3, timedelta(days=500))


def test_of_all_policies_that_apply_the_longest_dates_a_text(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        number = add_policy(tx, Scope(number="+12125550123"), Period(years=5)).version
        campaign = add_policy(tx, Scope(campaign="C8K2L9"), Period(years=6)).version
    own, elsewhere = line("SM1"), line("SM2", to=["+12125550199"])
    both, third = line("SM3", campaign="C8K2L9"), line("SM4", to=["+12125550199"], campaign="C8K2L9")
    outcomes = take_in(archive, organisation.id, own, elsewhere, both, third)
    clears = [read_back(archive, organisation.id, outcome.serial).clear for outcome in outcomes]
    assert [clear.policy for clear in clears] == [number, 1, campaign, campaign]
    assert [clear.expires_at.year for clear in clears] == [2031, 2027, 2032, 2032]


def test_where_a_batch_looks_for_a_text_is_the_day_on_which_it_expires(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serial = take_in(archive, organisation.id, line())[0].serial
    assert serial is not None
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert str(explain(tx, serial).due_on) == "2027-12-28"


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("sent_at", "days"), [(None, 400), ("2026-11-13T09:00:00Z", 390), ("2010-01-01T00:00:00Z", 30)]
)
def test_the_database_itself_refuses_a_text_that_stays_too_short(
    archive: Archive, organisation: OrganisationRow, sent_at: str | None, days: int
) -> None:
    imported(archive, organisation, sent_at)
    least = days * 86_400 * 1_000_000
    shorten = f"UPDATE message SET expires_at = received_at + :micros WHERE org_id = {organisation.id}"
    with pytest.raises(IntegrityError), archive.engine.begin() as connection:
        connection.execute(text(shorten), {"micros": least - 1})
    with archive.engine.begin() as connection:
        connection.execute(text(shorten), {"micros": least})


@pytest.mark.parametrize(
    ("days", "years", "number", "campaign"),
    [
        (399, None, None, None),
        (None, 1, None, None),
        (None, None, None, None),
        (400, 3, None, None),
        (400, None, "+1", "C"),
    ],
)
def test_the_database_itself_refuses_a_policy_below_the_floor_or_for_two_scopes(
    archive: Archive,
    organisation: OrganisationRow,
    days: int | None,
    years: int | None,
    number: str | None,
    campaign: str | None,
) -> None:
    values = {"days": days, "years": years, "number": number, "campaign": campaign}
    with pytest.raises(IntegrityError), archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.session.add(RetentionPolicyRow(org_id=tx.org_id, version=2, entry=1, existing=False, since=tx.now, **values))
        tx.session.flush()
