"""What a person does to a campaign: submitting it, pausing it, noting what the registry's webhook did not bring."""

import json

from archive.campaigns.active import Verdict
from archive.campaigns.brand_fields import brand_gaps
from archive.campaigns.brands import found_brand
from archive.campaigns.campaign_fields import CARRIERS, campaign_gaps
from archive.campaigns.drafting import found_campaign
from archive.campaigns.events import CampaignStateEntered
from archive.campaigns.fields import FieldProblems
from archive.campaigns.levels import Level, State, move_by_hand, moves_by_hand
from archive.campaigns.settling import levels_now, settle
from archive.campaigns.store import CampaignChangeRow, CampaignRow
from archive.core.errors import BadInput, Conflict
from archive.tx import Tx

REASON_LENGTH = 500


def enter_state(
    tx: Tx, campaign_id: str, level: Level, state: State, *, carrier: str = "", reason: str = ""
) -> Verdict:
    """Raises `Conflict` where no move of the table leads there, and `FieldProblems` if it can't be submitted yet."""
    row, reason = found_campaign(tx, campaign_id), _reason(reason)
    _check_carrier(level, carrier)
    before = levels_now(tx, row.id).at(level, carrier)
    if before is state:
        return settle(tx, row)
    if move_by_hand(level, before, state) is None:
        after = ", ".join(move.after for move in moves_by_hand(level, before)) or "nothing else"
        raise Conflict(f"At the level {level} it is {before} and can't become {state}.", f"It can become: {after}.")
    _check_registry(tx, row, level, state)
    entered = CampaignStateEntered(
        subject=row.id, level=level, state=state, carrier=carrier or None, reason=reason or None
    )
    change = CampaignChangeRow(
        org_id=tx.org_id,
        campaign_id=row.id,
        entry=tx.record(entered),
        changed_at=tx.now,
        changed_by=str(tx.actor),
        level=level.value,
        carrier=carrier,
        state=state.value,
        reason=reason,
    )
    tx.session.add(change)
    return settle(tx, row)


def pause(tx: Tx, campaign_id: str, reason: str) -> Verdict:
    """From now on none of its numbers may text. Once more changes nothing."""
    return enter_state(tx, campaign_id, Level.OWN, State.PAUSED, reason=reason)


def _check_carrier(level: Level, carrier: str) -> None:
    if (level is Level.CARRIER) != bool(carrier) or (carrier and carrier not in CARRIERS):
        known = ", ".join(f"{number} ({name})" for number, name in CARRIERS.items())
        raise BadInput("A carrier is named for the level carrier, and for no other.", f"Known are: {known}.")


def _check_registry(tx: Tx, row: CampaignRow, level: Level, state: State) -> None:
    if (level, state) == (Level.REGISTRY, State.SUBMITTED):
        gaps = campaign_gaps(json.loads(row.fields))
        if of_brand := brand_gaps(json.loads(found_brand(tx, row.brand_id).fields)):
            gaps["brand"] = f"It lacks: {', '.join(of_brand)}."
        if gaps:
            raise FieldProblems(gaps)
    if (level, state) == (Level.REGISTRY, State.ACTIVE) and not row.registry_id:
        raise Conflict("The campaign has no id at the registry yet.", "Enter that first.")


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) > REASON_LENGTH or not reason.isprintable():
        raise BadInput(f"A reason has up to {REASON_LENGTH} characters.", "Shorten it.")
    return reason
