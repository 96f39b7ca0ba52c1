"""Drafting campaigns and changing them. Drafts are taken however incomplete; the registry's limits hold at once."""

import json
from collections.abc import Mapping
from typing import Any

from archive.campaigns import store
from archive.campaigns.brands import found_brand, refuse_locked
from archive.campaigns.campaign_fields import CAMPAIGN_FIELDS, EDITABLE
from archive.campaigns.events import CampaignChanged, CampaignDrafted, CampaignRegistered
from archive.campaigns.fields import FieldProblems, Value, take
from archive.campaigns.levels import Level, State
from archive.campaigns.model import MESSAGE_CLASSES, NAME_LENGTH, is_campaign_id
from archive.campaigns.settling import levels_now, settle
from archive.campaigns.store import CampaignRow
from archive.campaigns.usecases import ALIASES
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.tx import Tx

_OURS = frozenset({"referenceId"})


def draft_campaign(tx: Tx, brand_id: str, name: str, given: Mapping[str, Any]) -> CampaignRow:
    """`name` is for us; `given` by the registry's names. Raises `FieldProblems`."""
    brand = found_brand(tx, brand_id)
    fields, campaign_id = _taken(given), new_id("cmp", tx.now)
    row = CampaignRow(
        org_id=tx.org_id,
        id=campaign_id,
        brand_id=brand.id,
        name=_name(name),
        fields=json.dumps(fields),
        reference=_reference(tx, fields, campaign_id),
        active=False,
        added_at=tx.now,
        changed_at=tx.now,
    )
    row.entry = tx.record(CampaignDrafted(subject=row.id, brand=brand.id, name=row.name, fields=fields))
    tx.session.add(row)
    tx.session.flush()
    return row


def change_campaign(
    tx: Tx,
    campaign_id: str,
    given: Mapping[str, Any],
    *,
    name: str | None = None,
    message_class: str | None = None,
) -> CampaignRow:
    """`given`: all its fields from now on; once the registry has it, only those that it lets be changed may differ.

    `message_class`: AT&T's, as the registry says; None leaves it, empty takes it away.
    """
    row = found_campaign(tx, campaign_id)
    fields, before = _taken(given), json.loads(row.fields)
    if is_locked(tx, row):
        refuse_locked(before, fields, EDITABLE)
    reference = _reference(tx, fields, row.id)
    wanted = (
        row.name if name is None else _name(name),
        json.dumps(fields),
        reference,
        row.message_class if message_class is None else _message_class(message_class),
    )
    if wanted == (row.name, row.fields, row.reference, row.message_class):
        return row
    row.name, row.fields, row.reference, row.message_class = wanted
    row.changed_at = tx.now
    row.entry = tx.record(
        CampaignChanged(subject=row.id, name=row.name, fields=fields, message_class=row.message_class)
    )
    return row


def note_campaign_id(tx: Tx, campaign_id: str, registry_id: str) -> CampaignRow:
    """Under which the registry has it. What it said of that id before is heard now."""
    row = found_campaign(tx, campaign_id)
    if row.registry_id == registry_id:
        return row
    if not is_campaign_id(registry_id):
        wanted = "Its ids are C and six more, like CT8MUVN."
        raise BadInput(f"{registry_id[:20]!r} is no campaign of the registry.", wanted)
    if row.registry_id:
        raise Conflict(f"The campaign is {row.registry_id} at the registry.", "Draft another for another id.")
    if store.campaign_by_registry_id(tx, registry_id):
        raise Conflict(f"{registry_id} is another campaign here.", "See which of them it is.")
    row.registry_id, row.changed_at = registry_id, tx.now
    row.entry = tx.record(CampaignRegistered(subject=row.id, registry_id=registry_id))
    settle(tx, row)
    return row


def found_campaign(tx: Tx, campaign_id: str) -> CampaignRow:
    row = store.campaign_by_id(tx, campaign_id)
    if row is None:
        raise NotFound(f"There is no campaign {campaign_id}.", "`/campaigns` lists those that there are.")
    return row


def is_locked(tx: Tx, row: CampaignRow) -> bool:
    """Whether the registry has it, or is asked to take it."""
    return bool(row.registry_id) or levels_now(tx, row.id).at(Level.REGISTRY) is not State.DRAFT


def _taken(given: Mapping[str, Any]) -> dict[str, Value]:
    usecase = given.get("usecase")
    if isinstance(usecase, str) and usecase in ALIASES:
        given = {**given, "usecase": ALIASES[usecase]}
    return take(CAMPAIGN_FIELDS, given)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise FieldProblems({"name": f"Give it a name of up to {NAME_LENGTH} characters."})
    return name


def _message_class(given: str) -> str | None:
    if given and given not in MESSAGE_CLASSES:
        raise FieldProblems({"message_class": f"One of {', '.join(MESSAGE_CLASSES)}."})
    return given or None


def _reference(tx: Tx, fields: Mapping[str, Value], campaign_id: str) -> str:
    reference = str(fields.get("referenceId") or campaign_id)
    other = store.campaign_by_reference(tx, reference)
    if other is not None and other.id != campaign_id:
        raise FieldProblems({"referenceId": f"{other.name} has this one. It has to be unique."})
    return reference
