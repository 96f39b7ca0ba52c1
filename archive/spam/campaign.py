"""The campaign that a report is about."""

from archive.campaigns import store
from archive.campaigns.store import CampaignRow
from archive.numbers.store import number_by_e164
from archive.spam.store import SpamReportRow
from archive.tx import Tx


def campaign_of(tx: Tx, report: SpamReportRow, named: str | None = None) -> CampaignRow | None:
    """By what the text or the report names, in our words or the registry's; or else the one that the number is on."""
    for name in (named, report.campaign):
        if name and (found := store.campaign_by_registry_id(tx, name) or store.campaign_by_id(tx, name)):
            return found
    number = number_by_e164(tx, report.own_number) if report.own_number else None
    return store.campaign_by_id(tx, number.campaign) if number and number.campaign else None
