"""What the registry says is kept whatever it is about, moves what it is about, and a repeat changes nothing."""

import json
from itertools import permutations

import pytest

from archive.access.organisations import OrganisationRow
from archive.campaigns.brands import note_brand_registration
from archive.campaigns.drafting import found_campaign, note_campaign_id
from archive.campaigns.hearing import said
from archive.campaigns.model import Identity
from archive.campaigns.reading import read_brand, read_campaign, steps_of
from archive.core.actor import OPERATOR
from archive.wiring import Archive
from tests.campaigns.making import ATT, brand, draft, event, newest_events, registered, registry_id, tell
from tests.conftest import StandingClock
from tests.items import ledger_size
from tests.taking_in import trail

EVENTS = (
    ("CAMPAIGN_ADD", ""),
    ("CAMPAIGN_SHARE_ACCEPT", ""),
    ("CAMPAIGN_DCA_COMPLETE", ""),
    ("MNO_CAMPAIGN_OPERATION_SUSPENDED", ATT),
    ("MNO_CAMPAIGN_OPERATION_UNSUSPENDED", ATT),
)


@pytest.fixture
def tx(archive: Archive, organisation: OrganisationRow):
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        yield tx


def test_in_any_order_and_however_often_the_end_is_the_same(archive: Archive, organisation: OrganisationRow) -> None:
    ends = set()
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        for order in list(permutations(EVENTS))[::7]:
            campaign_id, theirs = registered(tx)
            for kind, carrier in [*order, *order[:3]]:
                tell(tx, kind, theirs, carrier)
            found = read_campaign(tx, campaign_id)
            ends.add((str(found.levels), found.verdict.carriers))
    assert len(ends) == 1
    assert ATT in ends.pop()[1]


def test_the_same_within_minutes_is_a_repeat_and_writes_nothing(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        campaign_id, theirs = registered(tx)
        assert tell(tx, "MNO_CAMPAIGN_OPERATION_SUSPENDED", theirs, ATT) == 1
    before = ledger_size(archive, organisation.id)
    clock.advance(minutes=9)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert tell(tx, "MNO_CAMPAIGN_OPERATION_SUSPENDED", theirs, ATT) == 0
    assert ledger_size(archive, organisation.id) == before
    clock.advance(minutes=2)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert tell(tx, "MNO_CAMPAIGN_OPERATION_UNSUSPENDED", theirs, ATT) == 1
    clock.advance(hours=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert tell(tx, "MNO_CAMPAIGN_OPERATION_SUSPENDED", theirs, ATT) == 1, "suspended a second time"
        assert ATT not in read_campaign(tx, campaign_id).verdict.carriers


def test_what_is_said_before_a_campaign_has_its_id_is_heard_when_it_gets_it(tx) -> None:
    campaign_id, theirs = draft(tx), registry_id()
    tell(tx, "CAMPAIGN_DCA_COMPLETE", theirs)
    assert not read_campaign(tx, campaign_id).verdict.active
    note_campaign_id(tx, campaign_id, theirs)
    assert read_campaign(tx, campaign_id).verdict.active


def test_our_reference_tells_which_id_it_has(tx) -> None:
    campaign_id, theirs = draft(tx, referenceId="797_BANDW_a"), registry_id()
    tell(tx, "CAMPAIGN_ADD", theirs, campaignReferenceId="797_BANDW_a")
    campaign = read_campaign(tx, campaign_id)
    assert (campaign.registry_id, campaign.levels.registry.value) == (theirs, "active")
    tell(tx, "CAMPAIGN_DCA_COMPLETE", registry_id(), campaignReferenceId="797_BANDW_a")
    assert not read_campaign(tx, campaign_id).verdict.active, "another id with our reference is another campaign"
    assert found_campaign(tx, campaign_id).registry_id == theirs


def test_what_is_made_for_testing_moves_nothing(tx) -> None:
    campaign_id, theirs = registered(tx)
    assert tell(tx, "CAMPAIGN_DCA_COMPLETE", theirs, mock=True) == 1
    assert [step.reason for step in steps_of(tx, campaign_id) if step.event] == ["test"]
    tell(tx, "CAMPAIGN_ADD", theirs)
    assert not read_campaign(tx, campaign_id).verdict.active


@pytest.mark.parametrize("kind", ["CAMPAIGN_PAINTED_BLUE", "CAMPAIGN_NUDGE", "CSP_SUSPEND", "MNO_COMPLAINT"])
def test_what_moves_nothing_is_kept_word_for_word(tx, kind: str) -> None:
    campaign_id, theirs = registered(tx)
    before = read_campaign(tx, campaign_id).levels
    assert tell(tx, kind, theirs, description="+1 415 555 0188 complained") == 1
    [row] = newest_events(tx, kind)
    assert said(tx, row)["description"] == "+1 415 555 0188 complained"
    assert b"4155550188" not in row.sealed
    assert b"555" not in row.sealed
    assert read_campaign(tx, campaign_id).levels == before


def test_a_description_is_sealed_in_the_ledger(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        _, theirs = registered(tx)
        tell(tx, "MNO_COMPLAINT", theirs, description="Dana complained")
    [entry] = trail(archive, organisation, "registry.event-received")
    assert entry.private == {"description": "Dana complained"}
    assert entry.detail["fingerprint"]
    assert "Dana" not in json.dumps(entry.detail)


def test_a_brand_is_verified_by_what_the_registry_says(tx) -> None:
    brand_id = brand(tx, referenceId="brand-1")
    tell(tx, "BRAND_ADD", "", brandId="BUTNE6G", brandReferenceId="brand-1", brandIdentityStatus="UNVERIFIED")
    assert (read_brand(tx, brand_id).registry_id, read_brand(tx, brand_id).identity) == ("BUTNE6G", Identity.UNVERIFIED)
    tell(tx, "BRAND_IDENTITY_STATUS_UPDATE", "", brandId="BUTNE6G", brandIdentityStatus="VERIFIED")
    assert read_brand(tx, brand_id).identity is Identity.VERIFIED
    tell(tx, "BRAND_IDENTITY_STATUS_UPDATE", "", brandId="BUTNE6G", brandIdentityStatus="SPLENDID")
    tell(tx, "BRAND_UPDATE", "", brandId="BUTNE6G")
    assert read_brand(tx, brand_id).identity is Identity.VERIFIED
    other = note_brand_registration(tx, brand(tx), registry_id="BUTNE6H")
    assert other.identity == "NONE"


def test_a_message_about_nothing_of_ours_is_kept(tx) -> None:
    assert tell(tx, "CAMPAIGN_ADD", "CT8MUVN") == 1
    assert event("CAMPAIGN_ADD", "CT8MUVN").whole
    [row] = newest_events(tx)
    assert (row.campaign, row.account) == ("CT8MUVN", "SBJAF5P")
