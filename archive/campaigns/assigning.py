"""Which numbers are on which campaign: one campaign for each number, and no more numbers than it may have."""

import json
from collections.abc import Collection

from archive.campaigns import store
from archive.campaigns.caps import Caps, caps_of
from archive.campaigns.drafting import found_campaign
from archive.campaigns.levels import Level, State
from archive.campaigns.settling import levels_now, settle
from archive.campaigns.store import CampaignRow
from archive.core import phone
from archive.core.errors import Conflict, NotFound
from archive.numbers import actions as numbers
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, number_by_e164, number_by_id, numbers_on
from archive.tx import Tx

ENDED = frozenset({State.EXPIRED})


def put_on(tx: Tx, campaign_id: str, wanted: Collection[str], reason: str = "") -> list[NumberRow]:
    """`wanted`: numbers in any usual spelling, or their ids. All of them or, with the reason, none.

    Those of an active campaign may text at once; the others as soon as it is.
    """
    row = found_campaign(tx, campaign_id)
    if levels_now(tx, row.id).at(Level.REGISTRY) in ENDED:
        raise Conflict("The campaign has ended.", "Draft another one.")
    rows = [_found(tx, one) for one in dict.fromkeys(wanted)]
    for number in rows:
        _check(tx, row, number)
    _check_count(tx, row, len([number for number in rows if number.campaign != row.id]))
    for number in rows:
        numbers.place(tx, number, row.id, active=row.active, reason=reason)
    return rows


def take_off(tx: Tx, campaign_id: str, wanted: Collection[str], reason: str = "") -> list[NumberRow]:
    """They are authorised from then on, and may be put on another campaign."""
    row = found_campaign(tx, campaign_id)
    rows = [_found(tx, one) for one in dict.fromkeys(wanted)]
    for number in rows:
        if number.campaign != row.id:
            raise Conflict(f"{phone.display(number.e164)} is not on this campaign.", "Nothing was changed.")
    for number in rows:
        numbers.place(tx, number, None, active=False, reason=reason)
    return rows


def set_number_state(tx: Tx, number_id: str, state: NumberState, reason: str = "") -> NumberRow:
    """By hand; a number that is resumed is again what its campaign makes of it."""
    row = numbers.set_state(tx, number_id, state, reason)
    if row.campaign and row.state == NumberState.AUTHORISED and (campaign := store.campaign_by_id(tx, row.campaign)):
        numbers.place(tx, row, campaign.id, active=campaign.active, reason=reason)
    return row


def settle_all(tx: Tx) -> int:
    """Every campaign and its numbers, for whatever was changed past this slice; how many numbers that were."""
    before = tx.ledger_size
    for row in store.all_campaigns(tx):
        settle(tx, row)
    return tx.ledger_size - before


def caps_of_row(tx: Tx, row: CampaignRow) -> Caps:
    brand, fields = store.brand_by_id(tx, row.brand_id), json.loads(row.fields)
    assert brand is not None
    return caps_of(
        entity=str(json.loads(brand.fields).get("entityType", "")),
        score=brand.score,
        usecase=str(fields.get("usecase", "")),
        message_class=row.message_class,
        pool=fields.get("numberPool") is True,
    )


def _check(tx: Tx, row: CampaignRow, number: NumberRow) -> None:
    shown, state = phone.display(number.e164), NumberState(number.state)
    if number.campaign and number.campaign != row.id:
        other = store.campaign_by_id(tx, number.campaign)
        name = other.name if other else number.campaign
        raise Conflict(
            f"{shown} is on the campaign {name}.", "A number is on one campaign: take it off that one first."
        )
    if not number.campaign and state is not NumberState.AUTHORISED:
        raise Conflict(f"{shown} is {state}.", "Only authorised numbers can be put on a campaign: authorise it first.")


def _check_count(tx: Tx, row: CampaignRow, more: int) -> None:
    most, there = caps_of_row(tx, row).numbers, len(numbers_on(tx, row.id))
    if most is not None and there + more > most:
        pool = "A pool of numbers is by arrangement with T-Mobile, and part of the campaign when it is drafted."
        raise Conflict(f"The campaign may have {most} numbers, and would have {there + more}.", pool)


def _found(tx: Tx, wanted: str) -> NumberRow:
    row = number_by_id(tx, wanted) or number_by_e164(tx, phone.parse(wanted).address)
    if row is None:
        raise NotFound(f"{wanted[:40]} is not one of the numbers.", "`/numbers` lists those that there are.")
    return row
