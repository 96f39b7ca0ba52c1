"""What providers call our campaigns, and whether they have put our numbers on them."""

from typing import Final

from archive.alerts.actions import close_about, raise_alert
from archive.alerts.model import Cause, Occurrence
from archive.campaigns import store
from archive.campaigns.drafting import found_campaign
from archive.campaigns.events import CampaignNamed
from archive.campaigns.provider_words import ASSIGNED
from archive.campaigns.settling import settle
from archive.campaigns.store import CampaignNameRow, CampaignRow, UnknownName
from archive.core.clock import day_of
from archive.core.errors import BadInput, Conflict
from archive.numbers.store import number_by_e164
from archive.providers.model import DOORS
from archive.providers.tcr import RegistryEvent
from archive.tx import Tx

NOT_ASSIGNED: Final = "number-not-assigned"
"""The kind of an alert: a provider could not put a number on its campaign."""

LONGEST_NAME: Final = 100
MOST_UNKNOWN: Final = 100
NAMING: Final = ("telnyx", "twilio", "signalwire")
"""Providers that tell of registrations by ids of their own."""


def name_campaign(tx: Tx, campaign_id: str, provider: str, theirs: str) -> None:
    """What was said of that name before is heard now."""
    row, theirs = found_campaign(tx, campaign_id), theirs.strip()
    if provider not in NAMING or not 1 <= len(theirs) <= LONGEST_NAME:
        raise BadInput("That is no provider, or no id of one.", "Copy the campaign's id from the provider's pages.")
    known = store.campaign_named(tx, provider, theirs)
    if known is not None and known.id == row.id:
        return
    if known is not None:
        raise Conflict(f"At that provider {theirs} is another campaign: {known.name}.", "See which of them it is.")
    entry = tx.record(CampaignNamed(subject=row.id, provider=provider, theirs=theirs))
    name = CampaignNameRow(org_id=tx.org_id, provider=provider, theirs=theirs, campaign_id=row.id, entry=entry)
    tx.session.add(name)
    settle(tx, row)


def learn_name(tx: Tx, row: CampaignRow, event: RegistryEvent) -> None:
    """From a message that names it twice. What somebody has entered stays, and no message fails because of its name."""
    fits = event.provider in NAMING and 1 <= len(event.theirs) <= LONGEST_NAME
    if fits and store.campaign_named(tx, event.provider, event.theirs) is None:
        name_campaign(tx, row.id, event.provider, event.theirs)


def unknown_campaigns(tx: Tx) -> list[UnknownName]:
    """Up to a hundred that providers speak of by names that nobody has told us."""
    return store.unknown_names(tx, MOST_UNKNOWN)


def note_assignment(tx: Tx, event: RegistryEvent, entry: int) -> None:
    """Of a number of ours: that it failed opens an alert, that it is done closes it."""
    assigned = ASSIGNED.get(event.event)
    if assigned is None or number_by_e164(tx, event.number) is None:
        return
    cause = Cause(NOT_ASSIGNED, f"number:{event.number}")
    if assigned:
        close_about(tx, cause, f"{DOORS[event.provider].name} says that the number is on its campaign.")
    else:
        raise_alert(tx, cause, day_of(event.said_at or tx.now), [Occurrence(entry)])
