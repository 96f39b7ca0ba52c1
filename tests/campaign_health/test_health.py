"""A campaign's thirty days: each text counts for the campaign that its number was on at its time."""

from datetime import timedelta

import pytest

from archive.access.organisations import OrganisationRow
from archive.campaign_health.model import Health, Outcome, Times, outcome_of
from archive.campaign_health.reading import health_of
from archive.campaigns.assigning import put_on, take_off
from archive.campaigns.drafting import found_campaign
from archive.campaigns.steering import pause
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.core.errors import NotFound
from archive.ledger.store import first_since
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.campaigns.making import active_campaign, tell
from tests.conftest import StandingClock
from tests.deliveries import saying
from tests.items import OWN_NUMBER, STRANGER, line, take_in

START = StandingClock().now


@pytest.fixture
def campaign_id(archive: Archive, organisation: OrganisationRow) -> str:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        made = active_campaign(tx)
        put_on(tx, made, [add_number(tx, OWN_NUMBER, state=NumberState.AUTHORISED).id])
        return made


def send(archive: Archive, organisation: OrganisationRow, provider_id: str, **more: object) -> None:
    """Outbound, at the moment."""
    at = archive.clock().isoformat()
    out = {"direction": "outbound", "from": OWN_NUMBER, "to": [STRANGER], "sent_at": at, **more}
    take_in(archive, organisation.id, line(provider_id, **out))


def health(archive: Archive, organisation: OrganisationRow, campaign_id: str) -> Health:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return health_of(tx, campaign_id)


def test_a_campaign_without_texts_has_thirty_empty_days(
    archive: Archive, organisation: OrganisationRow, campaign_id: str
) -> None:
    found = health(archive, organisation, campaign_id)
    assert [day.on for day in found.days] == [day_of(START) - timedelta(days=back) for back in range(29, -1, -1)]
    assert (found.total("sent"), found.blocked_share, found.outcomes) == (0, None, {})
    assert [mark.on for mark in found.marks] == [day_of(START)]
    assert "CAMPAIGN_DCA_COMPLETE" in found.marks[0].what


def test_texts_count_on_their_days_and_only_while_the_number_was_on_it(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, campaign_id: str
) -> None:
    clock.advance(days=1)
    send(archive, organisation, "SM1", status="delivered")
    take_in(archive, organisation.id, line("SM2", sent_at=clock().isoformat()))
    clock.advance(days=1)
    send(archive, organisation, "SM3", status="undelivered")
    clock.advance(minutes=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        take_off(tx, campaign_id, [OWN_NUMBER])
    clock.advance(days=1)
    send(archive, organisation, "SM4", status="delivered")
    found = health(archive, organisation, campaign_id)
    assert [(day.sent, day.received) for day in found.days[-4:]] == [(0, 0), (1, 1), (1, 0), (0, 0)]
    assert found.outcomes == {Outcome.DELIVERED: 1, Outcome.UNDELIVERED: 1}
    assert found.blocked_share == 0.5


def test_what_is_older_than_thirty_days_or_imported_from_before_is_left_out(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, campaign_id: str
) -> None:
    send(archive, organisation, "SM1")
    clock.advance(days=30)
    send(archive, organisation, "SM2", sent_at=(START - timedelta(days=60)).isoformat())
    found = health(archive, organisation, campaign_id)
    assert found.total("sent") == 0
    assert found.marks == ()


def test_texts_at_fault_are_counted_by_their_flags(
    archive: Archive, organisation: OrganisationRow, campaign_id: str
) -> None:
    take_in(archive, organisation.id, line("SM0", text="STOP", sent_at=START.isoformat()))
    send(archive, organisation, "SM1", sent_at=(START + timedelta(minutes=6)).isoformat())
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        pause(tx, campaign_id, "Complaint")
    send(archive, organisation, "SM2", to=["+14155550199"])
    found = health(archive, organisation, campaign_id)
    assert (found.total("sent"), found.total("at_fault"), found.total("opt_outs")) == (2, 2, 1)
    assert found.flags == {"after-opt-out": 1, "no-active-campaign": 1}


def test_complaints_that_carriers_pass_on_are_counted(
    archive: Archive, organisation: OrganisationRow, campaign_id: str
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        theirs = found_campaign(tx, campaign_id).registry_id or ""
        tell(tx, "MNO_COMPLAINT", theirs, description="One")
        tell(tx, "MNO_COMPLAINT", theirs, description="Two", mock=True)
        tell(tx, "MNO_COMPLAINT", "C999999", description="Three")
    assert health(archive, organisation, campaign_id).total("complaints") == 1


def test_another_campaign_has_none_of_it(archive: Archive, organisation: OrganisationRow, campaign_id: str) -> None:
    send(archive, organisation, "SM1")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        other = active_campaign(tx)
    assert health(archive, organisation, other).total("sent") == 0
    with pytest.raises(NotFound):
        health(archive, organisation, "cmp_none")


def test_the_first_entry_since_a_moment_is_found(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, campaign_id: str
) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        size = tx.ledger_size
    clock.advance(days=1)
    send(archive, organisation, "SM1")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert first_since(tx, START) == 1
        assert first_since(tx, START + timedelta(seconds=1)) == size + 1
        assert first_since(tx, START + timedelta(days=2)) == tx.ledger_size + 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (None, Outcome.SILENT),
        ("", Outcome.SILENT),
        ("Delivered", Outcome.DELIVERED),
        ("message-delivered", Outcome.DELIVERED),
        ("delivery_failed", Outcome.FAILED),
        ("undelivered", Outcome.UNDELIVERED),
        ("rejected", Outcome.BLOCKED),
        ("queued", Outcome.UNDERWAY),
        ("never heard of", Outcome.UNDERWAY),
    ],
)
def test_a_providers_word_says_what_became_of_a_text(status: str | None, outcome: Outcome) -> None:
    assert outcome_of(status) is outcome


def test_times_hold_from_their_first_moment_to_before_their_last() -> None:
    later = START + timedelta(hours=1)
    times = Times([(later, later + timedelta(hours=1)), (START, START + timedelta(minutes=1))])
    assert times.hold(START)
    assert not times.hold(START + timedelta(minutes=1))
    assert not times.hold(START - timedelta(microseconds=1))
    assert times.hold(later)
    assert not times.hold(later + timedelta(hours=1))
    assert Times([(START, None)]).hold(later)


def test_reports_of_the_provider_count_before_the_status_that_came_with_a_text(
    archive: Archive, organisation: OrganisationRow, campaign_id: str
) -> None:
    for at in range(4):
        out = {"status": "delivered", "sent_at": START.isoformat()}
        saying.send(archive, organisation.id, f"SM{at}", **out)
    blocked = {"status": "blocked", "category": "filtered_spam", "code": "30007"}
    saying.note_all(
        archive,
        organisation.id,
        saying.said("SM0", **blocked),
        saying.said("SM1", **blocked),
        saying.said("SM2", "queued"),
    )
    found = health(archive, organisation, campaign_id)
    assert found.outcomes == {Outcome.BLOCKED: 2, Outcome.UNDERWAY: 1, Outcome.DELIVERED: 1}
    assert found.categories == {"filtered_spam": 2}
    assert found.blocked_share == pytest.approx(2 / 3)


def test_on_a_day_on_which_a_number_comes_and_goes_each_text_is_looked_at(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, campaign_id: str
) -> None:
    for at in range(6):
        clock.advance(minutes=10)
        send(archive, organisation, f"SM{at}")
        if at in (1, 3):
            clock.advance(minutes=1)
            with archive.transactions.write(organisation.id, OPERATOR) as tx:
                (take_off if at == 1 else put_on)(tx, campaign_id, [OWN_NUMBER])
    clock.advance(days=2)
    send(archive, organisation, "SM7")
    found = health(archive, organisation, campaign_id)
    assert [day.sent for day in found.days[-3:]] == [4, 0, 1]
