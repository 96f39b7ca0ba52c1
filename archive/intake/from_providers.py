"""What a provider said of a text, as an arrival at our own door, and read again once a newer parser is there."""

from datetime import datetime
from typing import Final

from archive.core.canonical import canonical_json
from archive.intake.model import Arrival
from archive.intake.parse import arrival
from archive.providers.model import DOORS
from archive.providers.said import Text, Unread

SOURCE: Final = "hook:"
"""Before provider and account in where an item came from: `hook:twilio/AC1`."""


def arrival_of(item: Text | Unread, provider: str, account: str, received_at: datetime) -> Arrival:
    """What becomes no text is kept as the provider sent it, not as we have read it."""
    source = f"{SOURCE}{provider}/{account}"
    if isinstance(item, Unread):
        return Arrival(item.raw, None, item.reason, received_at, source)
    whole = canonical_json({**item.item, "provider": provider, "account": account})
    made = arrival(whole, received_at, source)
    return made if made.wire else Arrival(item.raw, None, made.problem, received_at, source)


def read_again(raw: bytes, received_at: datetime, source: str) -> Arrival:
    """By the door through which it came, or by that of the API."""
    provider, _, account = source.removeprefix(SOURCE).partition("/")
    if not source.startswith(SOURCE) or provider not in DOORS:
        return arrival(raw, received_at, source)
    fresh = [item for item in DOORS[provider].parse(raw) if isinstance(item, Text | Unread)]
    return arrival_of(fresh[0] if fresh else Unread("it brings no text", raw), provider, account, received_at)
