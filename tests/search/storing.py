"""Puts texts into a real archive, past the door, for tests that look for them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.messages.actions import store_texts
from archive.messages.model import InboundText
from archive.wiring import Archive

OWN, OTHER = "+14155550100", "+14155550188"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def inbound(number: int, text: str, **other: Any) -> InboundText:
    """Texts of rising numbers are a minute apart."""
    values: dict[str, Any] = {
        **{"provider": "twilio", "account": "AC1", "provider_id": f"SM{number}", "direction": "inbound"},
        **{"sender": OTHER, "recipients": (OWN,), "own_number": OWN, "text": text},
        **{"received_at": NOON + timedelta(minutes=number), "sent_at": NOON + timedelta(minutes=number)},
    }
    return InboundText(**{**values, **other})


def store(archive: Archive, organisation: OrganisationRow, texts: Sequence[InboundText]) -> list[int]:
    """The serial of each."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        outcomes = store_texts(tx, texts)
    return [outcome.serial or 0 for outcome in outcomes]
