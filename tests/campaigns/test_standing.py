"""What a text that goes out is flagged with by the campaign of its number, at the moment at which it comes in."""

from datetime import UTC, datetime
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.campaigns.assigning import put_on, take_off
from archive.campaigns.standing import carrier_of
from archive.campaigns.store import campaign_by_id
from archive.core.actor import OPERATOR
from archive.messages.model import InboundText
from archive.numbers.model import NumberState
from archive.tx import Tx
from archive.wiring import Archive
from tests.campaigns.making import ATT, TMOBILE, active_campaign, tell
from tests.items import OWN_NUMBER, STRANGER, line, own_number, take_in

VERIZON = "10038"
MIDNIGHT_PACIFIC = datetime(2026, 3, 2, 8, tzinfo=UTC)


def outbound(provider_id: str, **changes: Any) -> bytes:
    return line(provider_id, **{"direction": "outbound", "from": OWN_NUMBER, "to": [STRANGER], **changes})


def flags(archive: Archive, organisation: OrganisationRow, provider_id: str, **changes: Any) -> tuple[str, ...]:
    return take_in(archive, organisation.id, outbound(provider_id, **changes))[0].flags


@pytest.fixture
def campaign(archive: Archive, organisation: OrganisationRow) -> str:
    """A campaign of the smallest allowance, 1,000 texts a day, with our number on it."""
    own_number(archive, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        made = active_campaign(tx, usecase="SOLE_PROPRIETOR", subUsecases=["CUSTOMER_CARE"])
        for carrier in (ATT, TMOBILE, VERIZON):  # They look at this use case themselves.
            tell(tx, "MNO_CAMPAIGN_OPERATION_APPROVED", _registry_id(tx, made), carrier)
        put_on(tx, made, [OWN_NUMBER])
    return made


def test_a_text_before_the_campaign_one_while_it_is_active_and_one_after(
    archive: Archive, organisation: OrganisationRow
) -> None:
    own_number(archive, organisation.id)
    assert flags(archive, organisation, "before") == ("no-active-campaign",)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        put_on(tx, made := active_campaign(tx), [OWN_NUMBER])
    assert flags(archive, organisation, "while") == ()
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        take_off(tx, made, [OWN_NUMBER])
    assert flags(archive, organisation, "after") == ("no-active-campaign",)


@pytest.mark.parametrize("state", [NumberState.UNAUTHORISED, NumberState.SUSPENDED])
def test_a_number_that_may_not_text_at_all_is_on_no_active_campaign_either(
    archive: Archive, organisation: OrganisationRow, state: NumberState
) -> None:
    own_number(archive, organisation.id, state=state)
    assert flags(archive, organisation, "A") == ("no-active-campaign", "unauthorised-number")


def test_what_comes_in_needs_no_campaign(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation.id)
    assert take_in(archive, organisation.id, line("A"))[0].flags == ()


def test_a_carrier_that_stops_the_campaign_is_one_that_it_is_not_for(
    archive: Archive, organisation: OrganisationRow
) -> None:
    own_number(archive, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        put_on(tx, made := active_campaign(tx), [OWN_NUMBER])
    assert flags(archive, organisation, "before", carrier="AT&T Wireless") == ()
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tell(tx, "MNO_CAMPAIGN_OPERATION_SUSPENDED", _registry_id(tx, made), ATT)
    assert flags(archive, organisation, "att", carrier="AT&T Wireless") == ("campaign-not-for-carrier",)
    assert flags(archive, organisation, "tmobile", carrier="T-Mobile USA") == ()
    assert flags(archive, organisation, "nobody knows") == ()


def _registry_id(tx: Tx, campaign: str) -> str:
    row = campaign_by_id(tx, campaign)
    assert row is not None and row.registry_id is not None
    return row.registry_id


def test_texts_beyond_the_days_allowance_are_flagged_and_the_next_day_begins_anew(
    archive: Archive, organisation: OrganisationRow, campaign: str
) -> None:
    day = {"sent_at": "2026-03-02T12:00:00Z"}
    outcomes = take_in(archive, organisation.id, *[outbound(f"SM{at}", **day) for at in range(1_001)])
    assert [outcome.flags for outcome in outcomes[-2:]] == [(), ("over-the-cap",)]
    assert flags(archive, organisation, "another", **day) == ("over-the-cap",)
    assert flags(archive, organisation, "the day before", sent_at="2026-03-02T07:59:59Z") == ()
    assert flags(archive, organisation, "at midnight", sent_at="2026-03-02T08:00:00Z") == ("over-the-cap",)


def test_a_text_that_is_sent_again_is_counted_once_and_so_is_each_of_its_recipients(
    archive: Archive, organisation: OrganisationRow, campaign: str
) -> None:
    batch = [outbound(f"SM{at}", sent_at="2026-03-02T12:00:00Z") for at in range(997)]
    take_in(archive, organisation.id, *batch, *batch[:500])
    take_in(archive, organisation.id, *batch)
    two = [STRANGER, "+14155550189"]
    assert flags(archive, organisation, "999", sent_at="2026-03-02T12:00:00Z", to=two) == ()
    assert flags(archive, organisation, "1,001", sent_at="2026-03-02T12:00:00Z", to=two) == ("over-the-cap",)


def test_another_carriers_texts_count_nothing_towards_it(
    archive: Archive, organisation: OrganisationRow, campaign: str
) -> None:
    batch = [outbound(f"SM{at}", sent_at="2026-03-02T12:00:00Z", carrier="Verizon Wireless") for at in range(1_001)]
    assert {outcome.flags for outcome in take_in(archive, organisation.id, *batch)} == {()}
    assert flags(archive, organisation, "T", sent_at="2026-03-02T12:00:00Z", carrier="T-Mobile") == ()


@pytest.mark.parametrize(
    ("said", "carrier"),
    [("T-Mobile USA, Inc.", TMOBILE), ("AT&T", ATT), ("att wireless", ATT), ("Telnyx", None), (7, None), (None, None)],
)
def test_carriers_are_known_by_the_names_that_providers_use(said: object, carrier: str | None) -> None:
    text = InboundText(
        "telnyx",
        None,
        "1",
        "outbound",
        sender=OWN_NUMBER,
        recipients=(STRANGER,),
        text="",
        own_number=OWN_NUMBER,
        received_at=MIDNIGHT_PACIFIC,
        extra={"carrier": said},
    )
    assert carrier_of(text) == carrier
