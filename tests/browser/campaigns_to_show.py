"""Campaigns in different states, their brand, and an account at the registry."""

from archive.access.organisations import OrganisationRow
from archive.campaigns.assigning import put_on
from archive.campaigns.reading import read_campaign
from archive.core.actor import OPERATOR
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.providers.accounts import change_secret, connect
from archive.wiring import Archive
from tests.campaigns.making import ATT, TMOBILE, draft, registered, tell


def make_campaigns(archive: Archive, organisation: OrganisationRow) -> dict[str, str]:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        active, theirs = registered(tx)
        for event, carrier in (
            ("CAMPAIGN_ADD", ""),
            ("CAMPAIGN_DCA_COMPLETE", ""),
            ("MNO_CAMPAIGN_OPERATION_APPROVED", ATT),
            ("MNO_CAMPAIGN_OPERATION_SUSPENDED", TMOBILE),
        ):
            tell(tx, event, theirs, carrier)
        put_on(tx, active, [add_number(tx, "+14165550159", state=NumberState.AUTHORISED).id])
        connect(tx, "tcr", "SBJAF5P", "the secret before")
        change_secret(tx, "tcr", "SBJAF5P", "the secret after")
        incomplete = draft(tx, "Marketing <of> “spring”", usecase="MIXED", subUsecases=["MARKETING"], sample2="")
        return {
            "campaign active": active,
            "campaign draft": incomplete,
            "brand": read_campaign(tx, active).brand_id,
        }
