"""The registry's MNO_COMPLAINT becomes a report about its campaign, and the campaign can be paused because of it."""

import json

import pytest

from archive.access.organisations import OrganisationRow
from archive.campaigns.hearing import hear
from archive.campaigns.levels import Level
from archive.campaigns.naming import name_campaign
from archive.campaigns.reading import read_campaign
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict, NotFound
from archive.providers import telnyx
from archive.spam import acting
from archive.spam.model import NewReport, Source
from archive.spam.packing import pack
from archive.spam.reading import list_reports, open_said
from archive.spam.store import Wanted
from archive.wiring import Archive
from jobs.spam_reports import has_work, run
from tests.campaigns.making import active_campaign, tell
from tests.conftest import StandingClock
from tests.spam.reporting import NOW, WORDS, compared, read, sent, taken, told
from tests.taking_in import own_number, trail

NAME = "4b30019b-0000"


@pytest.fixture
def campaign(archive: Archive, organisation: OrganisationRow) -> str:
    """The id of one on which everybody lets our numbers text."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return active_campaign(tx)


def registry_id(archive: Archive, organisation: OrganisationRow, campaign: str) -> str:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return read_campaign(tx, campaign).registry_id or ""


def test_a_complaint_that_a_provider_passes_on_is_one_too(
    archive: Archive, organisation: OrganisationRow, campaign: str
) -> None:
    payload = {"type": "TCR_EVENT", "eventType": "MNO_COMPLAINT", "campaignId": NAME, "description": "Too many"}
    data = {"event_type": "10dlc.campaign.update", "occurred_at": NOW.isoformat(), "payload": payload}
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        name_campaign(tx, campaign, "telnyx", NAME)
        hear(tx, "A1", telnyx.DOOR.parse(json.dumps({"data": data}).encode()))
    assert run(archive)["complaints_followed"] == 1
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (row,) = list_reports(tx, Wanted(), 10)
        assert open_said(tx, row).words == "Too many"
        assert row.campaign == registry_id(archive, organisation, campaign)


def complain(archive: Archive, organisation: OrganisationRow, campaign: str, **more: object) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tell(tx, "MNO_COMPLAINT", campaign, "10035", **more)


def test_each_complaint_becomes_one_report(
    archive: Archive, organisation: OrganisationRow, campaign: str, clock: StandingClock
) -> None:
    assert not has_work(archive)
    known = registry_id(archive, organisation, campaign)
    complain(archive, organisation, known, description="Subscriber reports spam")
    assert has_work(archive)
    clock.advance(minutes=5)
    assert run(archive)["complaints_followed"] == 1
    assert not has_work(archive)
    assert run(archive)["complaints_followed"] == 0
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (row,) = list_reports(tx, Wanted(), 10)
        said = open_said(tx, row)
    assert (row.source, row.campaign, row.own_number, row.received_at) == ("carrier", known, "", NOW)
    assert (said.words, said.carrier) == ("Subscriber reports spam", "T-Mobile")
    clock.advance(minutes=20)
    complain(archive, organisation, known, description="Subscriber reports spam")
    assert run(archive)["complaints_followed"] == 1, "another one, and not a repeat"


def test_a_test_of_the_registry_s_is_no_complaint(
    archive: Archive, organisation: OrganisationRow, campaign: str
) -> None:
    complain(archive, organisation, registry_id(archive, organisation, campaign), mock=True)
    assert run(archive).get("complaints_followed", 0) == 0


def test_what_is_old_is_not_followed_again(
    archive: Archive, organisation: OrganisationRow, campaign: str, clock: StandingClock
) -> None:
    complain(archive, organisation, registry_id(archive, organisation, campaign))
    clock.advance(days=31)
    assert not has_work(archive)


def test_the_campaign_is_paused_because_of_it(archive: Archive, organisation: OrganisationRow, campaign: str) -> None:
    known = registry_id(archive, organisation, campaign)
    report_id = taken(archive, organisation, NewReport(Source.CARRIER, "", campaign=known))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert acting.possible(tx, read(archive, organisation, report_id)) == [acting.PAUSED]
        acting.pause_campaign(tx, report_id)
        assert not read_campaign(tx, campaign).verdict.active
        assert read_campaign(tx, campaign).levels.at(Level.OWN) == "paused"
        assert acting.possible(tx, read(archive, organisation, report_id)) == []
        with pytest.raises(Conflict):
            acting.pause_campaign(tx, report_id)
    assert trail(archive, organisation, "spam.acted")[0].detail == {"action": "campaign-paused"}


def test_a_campaign_that_is_not_known_cannot_be_paused(archive: Archive, organisation: OrganisationRow) -> None:
    report_id = taken(archive, organisation, NewReport(Source.CARRIER, "", campaign="CABC123"))
    with archive.transactions.write(organisation.id, OPERATOR) as tx, pytest.raises(NotFound):
        acting.pause_campaign(tx, report_id)


def test_the_packet_says_how_the_campaign_was_registered(
    archive: Archive, organisation: OrganisationRow, campaign: str
) -> None:
    own_number(archive, organisation)
    known = registry_id(archive, organisation, campaign)
    sent(archive, organisation, (0, WORDS), campaign=known)
    made = pack(archive.transactions, organisation, OPERATOR, compared(archive, organisation, told()).row.id)
    assert made.packet.registered
    assert made.packet.registered.registry_id == known
    assert not any("campaign" in sentence for sentence in made.packet.missing)
    assert made.packet.campaign_steps == [], "the text is older than all that is known of it"
    assert made.zip()
