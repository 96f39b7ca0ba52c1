"""Brands and campaigns as people and programs see them."""

import json
from collections import Counter

from archive.campaigns import store
from archive.campaigns.assigning import caps_of_row
from archive.campaigns.brand_fields import brand_gaps
from archive.campaigns.brands import found_brand
from archive.campaigns.campaign_fields import campaign_gaps
from archive.campaigns.drafting import found_campaign, is_locked
from archive.campaigns.hearing import REGISTRY
from archive.campaigns.levels import Level
from archive.campaigns.model import Brand, Campaign, Identity, Step
from archive.campaigns.provider_words import STATED
from archive.campaigns.replay import IN_ORDER
from archive.campaigns.settling import judge_row, levels_from
from archive.campaigns.store import BrandRow, CampaignRow, RegistryEventRow
from archive.numbers.store import numbers_on
from archive.tx import Tx


def list_brands(tx: Tx) -> list[Brand]:
    counted = Counter(row.brand_id for row in store.all_campaigns(tx))
    return [_brand(row, counted[row.id]) for row in store.all_brands(tx)]


def read_brand(tx: Tx, brand_id: str) -> Brand:
    row = found_brand(tx, brand_id)
    return _brand(row, sum(campaign.brand_id == row.id for campaign in store.all_campaigns(tx)))


def list_campaigns(tx: Tx) -> list[Campaign]:
    return [_campaign(tx, row) for row in store.all_campaigns(tx)]


def read_campaign(tx: Tx, campaign_id: str) -> Campaign:
    return _campaign(tx, found_campaign(tx, campaign_id))


def steps_of(tx: Tx, campaign_id: str) -> list[Step]:
    """All that was said of a campaign and entered about it, newest first."""
    row = found_campaign(tx, campaign_id)
    entered = [
        Step(
            at=change.changed_at,
            entry=change.entry,
            by=change.changed_by,
            event="",
            level=Level(change.level),
            carrier=change.carrier,
            state=change.state,
            reason=change.reason,
        )
        for change in store.changes_of(tx, row.id)
    ]
    told = [_told(event) for event in store.events_of(tx, row)]
    return sorted([*entered, *told], key=lambda step: -step.entry)


def _told(event: RegistryEventRow) -> Step:
    moves = event.event in IN_ORDER or event.event in STATED
    reason = "test" if event.mock else "" if moves else "kept; it moves nothing"
    by = f"{'registry' if event.provider == REGISTRY else event.provider}:{event.account}"
    return Step(event.received_at, event.entry, by, event.event, None, event.carrier, "", reason)


def _brand(row: BrandRow, campaigns: int) -> Brand:
    fields = json.loads(row.fields)
    return Brand(
        id=row.id,
        fields=fields,
        registry_id=row.registry_id,
        identity=Identity(row.identity),
        score=row.score,
        added_at=row.added_at,
        changed_at=row.changed_at,
        gaps=brand_gaps(fields),
        campaigns=campaigns,
    )


def _campaign(tx: Tx, row: CampaignRow) -> Campaign:
    levels, fields = list(store.levels_of(tx, row.id)), json.loads(row.fields)
    now = levels_from(levels)
    return Campaign(
        id=row.id,
        name=row.name,
        brand_id=row.brand_id,
        brand_name=read_brand(tx, row.brand_id).name,
        fields=fields,
        registry_id=row.registry_id,
        reference=row.reference,
        message_class=row.message_class,
        levels=now,
        since={(Level(one.level), one.carrier): one.since_at for one in levels},
        verdict=judge_row(row, now),
        caps=caps_of_row(tx, row),
        gaps=campaign_gaps(fields),
        locked=is_locked(tx, row),
        numbers=len(numbers_on(tx, row.id)),
        names=tuple((name.provider, name.theirs) for name in store.names_of(tx, row.id)),
        added_at=row.added_at,
        changed_at=row.changed_at,
    )
