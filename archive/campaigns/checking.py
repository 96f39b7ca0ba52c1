"""The readiness check over a campaign that is here, with what only the archive knows: its brand and the others."""

import json

from archive.campaigns import store
from archive.campaigns.brands import found_brand
from archive.campaigns.drafting import found_campaign
from archive.campaigns.readiness.checking import check
from archive.campaigns.readiness.finding import Finding
from archive.campaigns.readiness.submission import Submission
from archive.tx import Tx


def check_campaign(tx: Tx, campaign_id: str) -> list[Finding]:
    row = found_campaign(tx, campaign_id)
    brand = found_brand(tx, row.brand_id)
    others = (json.loads(other.fields) for other in store.all_brands(tx) if other.id != brand.id)
    return check(
        Submission(
            fields=json.loads(row.fields),
            brand=json.loads(brand.fields),
            other_eins=frozenset(ein for fields in others if (ein := plain_ein(str(fields.get("ein", ""))))),
            campaigns=sum(campaign.brand_id == brand.id for campaign in store.all_campaigns(tx)),
            known_brand=brand.registry_id is not None,
        )
    )


def plain_ein(ein: str) -> str:
    return "".join(character for character in ein if character.isalnum()).casefold()
