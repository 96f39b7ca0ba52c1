"""What providers say of campaigns and numbers moves what it is about, in whatever order it comes; the rest is kept."""

import json
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.alerts.actions import list_alerts
from archive.campaigns.levels import Level, Levels, State, states_of
from archive.campaigns.naming import name_campaign, unknown_campaigns
from archive.campaigns.provider_words import ASSIGNED, STATED
from archive.campaigns.reading import read_campaign, steps_of
from archive.campaigns.replay import Entered, Said, Stated, replay
from archive.campaigns.steering import enter_state
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict
from archive.intake.from_providers import Brought
from archive.intake.hooked import take_in
from archive.intake.quarantine import count_open
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.providers import signalwire, telnyx, twilio
from archive.providers.registrations import of_twilio
from archive.wiring import Archive
from tests.campaigns.making import ATT, TMOBILE, registered
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, ledger_size, own_number
from tests.retention.purging import verified
from tests.taking_in import trail

NOW = StandingClock().now
NAME = "4b30019b-0000"


def from_telnyx(kind: str, status: str, minute: int = 0, what: str = "campaign", **more: Any) -> dict[str, Any]:
    payload = {"campaignId": NAME, "type": kind, "status": status, **more}
    at = (NOW + timedelta(minutes=minute)).isoformat()
    data = {"event_type": f"10dlc.{what}.update", "id": "e1", "occurred_at": at, "payload": payload}
    return {"data": data, "meta": {"attempt": 1}}


def from_twilio(what: str, campaign: str, **more: Any) -> dict[str, Any]:
    data = {"campaignsid": "QE1", "externalcampaignid": campaign, "timestamp": 1795000000000, **more}
    kind = f"com.twilio.messaging.compliance.campaign-registration.campaign-{what}"
    return {"specversion": "1.0", "type": kind, "id": what, "data": data}


def tell(archive: Archive, organisation: OrganisationRow, door: Any, *events: dict[str, Any]) -> list[int]:
    new = []
    for event in events:
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            said = door.DOOR.parse(json.dumps(event).encode())
            new += take_in(tx, [Brought(door.DOOR.provider, "A1", said, tx.now)])
    return new


def levels(archive: Archive, organisation: OrganisationRow, campaign_id: str) -> Levels:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return read_campaign(tx, campaign_id).levels


@pytest.fixture
def campaign(archive: Archive, organisation: OrganisationRow) -> tuple[str, str]:
    """(our id, the registry's)."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return registered(tx)


def test_every_word_says_a_state_that_its_level_knows() -> None:
    assert [word for word, stated in STATED.items() for level, state in stated if state not in states_of(level)] == []
    assert not STATED.keys() & ASSIGNED.keys()


def test_of_two_statements_the_later_counts_and_none_lifts_a_suspension() -> None:
    def at(entry: int, state: State, minute: int | None, provider: str = "telnyx") -> Stated:
        moment = None if minute is None else NOW + timedelta(minutes=minute)
        return Stated(entry, provider, Level.CARRIER, ATT, state, moment)

    ends = {
        replay([at(1, first[0], first[1]), at(2, second[0], second[1])]).at(Level.CARRIER, ATT)
        for first, second in permutations([(State.REJECTED, 0), (State.APPROVED, 5)])
    }
    assert ends == {State.APPROVED}
    cases: list[tuple[list[Any], State]] = [
        ([at(1, State.APPROVED, 5), at(2, State.REJECTED, None)], State.REJECTED),
        ([at(1, State.APPROVED, 5), at(2, State.REJECTED, 0, "twilio")], State.REJECTED),
        ([Said(1, NOW, "MNO_CAMPAIGN_OPERATION_SUSPENDED", ATT), at(2, State.APPROVED, 5)], State.SUSPENDED),
        ([at(1, State.APPROVED, 5), Said(2, NOW, "MNO_CAMPAIGN_OPERATION_SUSPENDED", ATT)], State.SUSPENDED),
        ([at(1, State.REJECTED, 5), Entered(2, Level.CARRIER, ATT, State.REVIEW)], State.REVIEW),
    ]
    assert [replay(happenings).at(Level.CARRIER, ATT) for happenings, _ in cases] == [state for _, state in cases]


def test_each_level_is_what_its_provider_says_once_it_is_known_which_campaign_is_meant(
    archive, organisation, campaign
) -> None:
    campaign_id, theirs = campaign
    assert tell(archive, organisation, telnyx, from_telnyx("TELNYX_REVIEW", "ACCEPTED")) == [1]
    assert levels(archive, organisation, campaign_id).provider is State.OPEN
    assert tell(archive, organisation, telnyx, from_telnyx("TCR_EVENT", "success", 1, eventType="CAMPAIGN_NUDGE")) == [
        1
    ]
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        (unknown,) = unknown_campaigns(tx)
        assert (unknown.provider, unknown.theirs, unknown.messages) == ("telnyx", NAME, 2)
        name_campaign(tx, campaign_id, "telnyx", NAME)
        assert unknown_campaigns(tx) == []
        name_campaign(tx, campaign_id, "telnyx", f" {NAME} ")
        other, _ = registered(tx)
        with pytest.raises(Conflict):
            name_campaign(tx, other, "telnyx", NAME)
        with pytest.raises(BadInput):
            name_campaign(tx, other, "nobody", NAME)
    assert levels(archive, organisation, campaign_id).provider is State.ACCEPTED, "what was said before is heard"
    told = [
        from_telnyx("REGISTRATION", "success", 1),
        from_telnyx("TCR_EVENT", "success", 2, eventType="CAMPAIGN_DCA_COMPLETE", tcrCampaignId=theirs),
        from_telnyx("MNO_REVIEW", "ACCEPTED", 4),
        from_telnyx("MNO_REVIEW", "REJECTED", 3),
        from_telnyx("PAINTED_BLUE", "success", 5),
    ]
    assert tell(archive, organisation, telnyx, *told) == [1] * 5
    before = ledger_size(archive, organisation.id)
    assert tell(archive, organisation, telnyx, *({**one, "meta": {"attempt": 2}} for one in told)) == [0] * 5
    assert ledger_size(archive, organisation.id) == before
    now = levels(archive, organisation, campaign_id)
    assert (now.registry, now.dca, now.at(Level.CARRIER, ATT), now.at(Level.CARRIER, TMOBILE)) == (
        *(State.ACTIVE, State.COMPLETE),
        *(State.APPROVED, State.APPROVED),
    )
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_campaign(tx, campaign_id).verdict.active
        steps = {step.event: (step.by, step.reason) for step in steps_of(tx, campaign_id) if step.event}
        assert count_open(tx) == 0
    assert steps["telnyx.campaign.painted_blue.accepted"] == ("telnyx:A1", "kept; it moves nothing")
    assert steps["telnyx.campaign.mno_review.rejected"] == ("telnyx:A1", "")
    assert verified(archive, organisation).good


def test_what_names_the_registrys_id_teaches_what_the_provider_calls_it(archive, organisation, campaign) -> None:
    campaign_id, theirs = campaign
    assert tell(archive, organisation, twilio, from_twilio("submitted", theirs)) == [1]
    assert levels(archive, organisation, campaign_id).provider is State.PENDING
    approved = from_twilio("approved", "", timestamp="2026-11-24T10:00:00Z")
    assert tell(archive, organisation, twilio, approved) == [1]
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        found = read_campaign(tx, campaign_id)
        assert (found.verdict.active, found.names) == (True, (("twilio", "QE1"),))
        enter_state(tx, campaign_id, Level.PROVIDER, State.DECLINED)
        elsewhere, other = registered(tx)
    contradicting = [from_twilio("failed", other), from_twilio("failed", other, campaignsid="Q" * 150)]
    assert tell(archive, organisation, twilio, *contradicting) == [1, 1], "taken, too long: it costs nothing"
    assert levels(archive, organisation, elsewhere).provider is State.DECLINED
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [step.event for step in steps_of(tx, campaign_id) if step.event.endswith("failed")] == []
    (named,) = trail(archive, organisation, "campaign.named")
    assert (named.subject, named.detail) == (campaign_id, {"provider": "twilio", "theirs": "QE1"})


def test_a_number_that_could_not_be_assigned_is_an_alert_until_it_is(archive, organisation) -> None:
    own_number(archive, organisation.id, state=NumberState.REGISTERED)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        row = number_by_e164(tx, OWN_NUMBER)
        assert row and row.campaign
    said = {"event_category": "number_assignment", "campaign_id": "c1", "phone_number": OWN_NUMBER}
    failed = {**said, "event_type": "number_assignment_failed", "state": "failed", "event_at": NOW.isoformat()}
    assert tell(archive, organisation, signalwire, failed, failed, {**failed, "phone_number": "+14155550100"}) == [
        1,
        0,
        1,
    ]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (alert,) = list_alerts(tx)
        assert (alert.cause.kind, alert.cause.about, alert.count) == ("number-not-assigned", f"number:{OWN_NUMBER}", 1)
        assert read_campaign(tx, row.campaign).names == (), "which campaign it failed on nobody says"
    done = {**failed, "event_type": "number_assignment_activated", "state": "activated"}
    assert tell(archive, organisation, signalwire, done) == [1]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert list_alerts(tx) == []
        (closed,) = list_alerts(tx, closed=True)
        assert read_campaign(tx, row.campaign).names == (("signalwire", "c1"),), "it is the campaign of the number"
        assert closed.closed_because == "SignalWire says that the number is on its campaign."


def test_times_are_read_as_providers_write_them_and_never_invented() -> None:
    cases = {
        1795000000000: datetime.fromisoformat("2026-11-18T11:06:40+00:00"),
        1795000000: datetime.fromisoformat("2026-11-18T11:06:40+00:00"),
        "2026-01-15T00:00:00Z": datetime.fromisoformat("2026-01-15T00:00:00+00:00"),
        "soon": None,
        10**30: None,
        True: None,
    }
    read = {at: of_twilio({"type": "x", "data": {"timestamp": at}}).said_at for at in cases}
    assert read == cases
