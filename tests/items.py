"""Texts as programs send them: dictionaries and bytes of JSON, each a good one unless a test says otherwise."""

import json
from typing import Any

from archive.campaigns.assigning import put_on
from archive.core.actor import OPERATOR
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.messages.actions import read_message
from archive.messages.model import Message, Outcome
from archive.numbers.actions import add_number, set_state
from archive.numbers.model import NumberState
from archive.numbers.moves import ADDED_AS
from archive.wiring import Archive
from tests.campaigns.making import active_campaign

OWN_NUMBER = "+12125550123"
STRANGER = "+14155550188"


def item(provider_id: str = "SM1", **changes: Any) -> dict[str, Any]:
    """One inbound text with all that the API asks for; a field set to `...` is left out."""
    whole = {
        "provider": "twilio",
        "provider_id": provider_id,
        "direction": "inbound",
        "from": STRANGER,
        "to": [OWN_NUMBER],
        "text": "Is Friday at ten good for you?",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not ...}


def line(provider_id: str = "SM1", **changes: Any) -> bytes:
    """The item as JSON, with every character beyond ASCII as an escape: what many providers send."""
    return json.dumps(item(provider_id, **changes)).encode()


def take_in(archive: Archive, org_id: int, *lines: bytes) -> list[Outcome]:
    """Through the ordinary door, all in one transaction."""
    with archive.transactions.write(org_id, OPERATOR) as tx:
        return receive(tx, [arrival(each, tx.now, "test") for each in lines])


def read_back(archive: Archive, org_id: int, serial: int | None) -> Message:
    assert serial is not None
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return read_message(tx, serial)


def own_number(
    archive: Archive, org_id: int, number: str = OWN_NUMBER, state: NumberState = NumberState.AUTHORISED
) -> None:
    added_as = state if state in ADDED_AS else NumberState.AUTHORISED
    with archive.transactions.write(org_id, OPERATOR) as tx:
        added = add_number(tx, number, state=added_as)
        if state is NumberState.REGISTERED:
            put_on(tx, active_campaign(tx), [added.id])
        else:
            set_state(tx, added.id, state)


def ledger_size(archive: Archive, org_id: int) -> int:
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return tx.ledger_size
