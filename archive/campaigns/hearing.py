"""What the registry says: kept word for word, whatever it is about, and acted upon where it is about us."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from archive.campaigns import store
from archive.campaigns.brands import note_brand_registration
from archive.campaigns.drafting import note_campaign_id
from archive.campaigns.events import RegistryEventReceived
from archive.campaigns.model import Identity, is_brand_id, is_campaign_id
from archive.campaigns.naming import learn_name, note_assignment
from archive.campaigns.provider_words import ASSIGNED
from archive.campaigns.replay import TOGETHER
from archive.campaigns.settling import settle
from archive.campaigns.store import BrandRow, CampaignRow, RegistryEventRow
from archive.core.actor import Actor
from archive.keys.keyring import PROVIDERS
from archive.numbers.store import number_by_e164
from archive.providers.tcr import RegistryEvent
from archive.tx import Tx

REGISTRY = "tcr"
COMPLAINT = "MNO_COMPLAINT"
"""A carrier passes on that somebody complained: kept like everything else, and read by whoever follows complaints."""


def hear(
    tx: Tx, account: str, events: Sequence[RegistryEvent], actor: Actor | None = None
) -> list[tuple[int, RegistryEvent]]:
    """Those that are new, each with its ledger entry. The registry's message within ten minutes again is a repeat, a
    provider's that names its moment is one whenever it comes; a repeat changes nothing."""
    heard = ((_hear(tx, account, event, actor), event) for event in events)
    return [(entry, event) for entry, event in heard if entry is not None]


def said(tx: Tx, row: RegistryEventRow) -> dict[str, Any]:
    """The registry's own words."""
    key = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    assert key is not None
    found = json.loads(key.open(row.sealed, _place(tx, row.entry)))
    return found if isinstance(found, dict) else {"body": found}


def _hear(tx: Tx, account: str, event: RegistryEvent, actor: Actor | None) -> int | None:
    fingerprint = hashlib.sha256(event.whole).digest()
    if store.repeats(tx, fingerprint, None if event.said_at else tx.now - TOGETHER):
        return None
    campaign, brand = _campaign(tx, event), _brand(tx, event)
    about = campaign or brand
    entry = tx.record(_entry(account, event, fingerprint, about.id if about else None), actor)
    row = _row(tx, account, event, fingerprint, entry, tx.now)
    if campaign is not None and event.theirs and not row.campaign:
        row.campaign = campaign.registry_id or ""  # A provider named it by an id of its own.
    tx.session.add(row)
    tx.session.flush()
    if not event.mock:
        _act(tx, event, campaign, brand)
        note_assignment(tx, event, entry)
    return entry


def _act(tx: Tx, event: RegistryEvent, campaign: CampaignRow | None, brand: BrandRow | None) -> None:
    if campaign is not None:
        if campaign.registry_id is None and is_campaign_id(event.campaign):
            note_campaign_id(tx, campaign.id, event.campaign)
        learn_name(tx, campaign, event)
        settle(tx, campaign)
    if brand is not None and (event.event.startswith("BRAND_") or event.provider != REGISTRY):
        known = event.brand_identity in list(Identity)
        note_brand_registration(
            tx,
            brand.id,
            registry_id=event.brand if is_brand_id(event.brand) and brand.registry_id is None else None,
            identity=Identity(event.brand_identity) if known else None,
        )


def _campaign(tx: Tx, event: RegistryEvent) -> CampaignRow | None:
    """By the registry's id, or by the provider's own; by a number that is on it now, whose campaign that must be; or by
    our reference, while we know no other id of that one."""
    found = store.campaign_by_registry_id(tx, event.campaign) if event.campaign else None
    if found is None and event.theirs:
        found = store.campaign_named(tx, event.provider, event.theirs)
    if found is None and event.theirs and ASSIGNED.get(event.event):
        number = number_by_e164(tx, event.number)
        found = store.campaign_by_id(tx, number.campaign) if number and number.campaign else None
    if found is None and event.reference:
        found = store.campaign_by_reference(tx, event.reference)
        if found is not None and found.registry_id not in (None, event.campaign or found.registry_id):
            return None
    return found


def _brand(tx: Tx, event: RegistryEvent) -> BrandRow | None:
    found = store.brand_by_registry_id(tx, event.brand) if event.brand else None
    if found is None and event.brand_reference:
        unknown = (row for row in store.all_brands(tx) if row.registry_id is None)
        same = (row for row in unknown if json.loads(row.fields).get("referenceId") == event.brand_reference)
        found = next(same, None)
    return found


def _entry(account: str, event: RegistryEvent, fingerprint: bytes, subject: str | None) -> RegistryEventReceived:
    return RegistryEventReceived(
        subject=subject,
        event=event.event,
        account=account,
        fingerprint=fingerprint.hex(),
        campaign=event.campaign or None,
        brand=event.brand or None,
        carrier=event.carrier or None,
        mock=event.mock or None,
        description=event.description or None,
        provider=event.provider if event.provider != REGISTRY else None,
        theirs=event.theirs or None,
    )


def _row(
    tx: Tx, account: str, event: RegistryEvent, fingerprint: bytes, entry: int, received_at: datetime
) -> RegistryEventRow:
    key = tx.key(PROVIDERS)
    return RegistryEventRow(
        org_id=tx.org_id,
        entry=entry,
        received_at=received_at,
        account=account,
        event=event.event,
        campaign=event.campaign,
        reference=event.reference,
        brand=event.brand,
        carrier=event.carrier,
        mock=event.mock,
        provider=event.provider,
        theirs=event.theirs or None,
        said_at=event.said_at,
        fingerprint=fingerprint,
        key_id=key.id,
        sealed=key.seal(event.whole, _place(tx, entry)),
    )


def _place(tx: Tx, entry: int) -> bytes:
    return f"{tx.org_id}:registry:{entry}".encode()
