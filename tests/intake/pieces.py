"""Pieces of a long text as Vonage sends them, and what has been archived of them."""

import json
import random
from typing import Any

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.from_providers import Brought
from archive.intake.hooked import take_in
from archive.messages.actions import opened
from archive.messages.model import Message
from archive.messages.store import records_after
from archive.providers import vonage
from archive.wiring import Archive
from tests.items import OWN_NUMBER, STRANGER

WORDS = ("The closing is on Fri", "day; wire $250,000 to \ud83d", "\ude42 and nobody else. ")


def said(number: int, **changed: Any) -> dict[str, Any]:
    """Piece `number`, from 1."""
    whole = {"msisdn": STRANGER[1:], "to": OWN_NUMBER[1:], "messageId": f"V{number}", "text": WORDS[number - 1]}
    whole |= {"type": "unicode", "message-timestamp": f"2026-11-23 08:00:0{number}", "nonce": str(random.random())}
    return {**whole, "concat": "true", "concat-ref": "7", "concat-total": "3", "concat-part": str(number), **changed}


def tell(archive: Archive, organisation: OrganisationRow, *events: dict[str, Any]) -> list[int]:
    """Each in a request of its own."""
    new = []
    for event in events:
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            brought = Brought("vonage", "A1", vonage.DOOR.parse(json.dumps(event).encode()), tx.now)
            new += take_in(tx, [brought])
    return new


def texts(archive: Archive, organisation: OrganisationRow) -> list[Message]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return [opened(tx, row) for row in records_after(tx, 0, tx.ledger_size)]
