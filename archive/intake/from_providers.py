"""What a provider said, as arrivals at our own door and what is added beside; and again, by a newer parser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.core.actor import Actor
from archive.core.canonical import canonical_json
from archive.deliveries.noting import Said
from archive.intake.model import Arrival
from archive.intake.parse import arrival
from archive.optouts.telling import Told
from archive.providers.model import DOORS
from archive.providers.said import Beside, Delivery, Item, OptOut, Text, Unread

SOURCE: Final = "hook:"
"""Before provider and account in where an item came from: `hook:twilio/AC1`."""


@dataclass(frozen=True, slots=True)
class Brought:
    """All of one request. `account` is the one that the webhook's address names."""

    provider: str
    account: str
    items: Sequence[Item]
    received_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor("provider", f"{self.provider}/{self.account}")

    def arrivals(self) -> list[Arrival]:
        return [self._arrival(item) for item in self.items if not isinstance(item, Beside)]

    def reports(self) -> list[Said]:
        told = [item for item in self.items if isinstance(item, Delivery)]
        return [Said(self.provider, self.account, item, self.actor) for item in told]

    def opt_outs(self) -> list[Told]:
        return [Told(item, self.actor, self.received_at) for item in self.items if isinstance(item, OptOut)]

    def _arrival(self, item: Text | Unread) -> Arrival:
        """What becomes no text is kept as the provider sent it, not as we have read it."""
        source = f"{SOURCE}{self.provider}/{self.account}"
        if isinstance(item, Unread):
            return Arrival(item.raw, None, item.reason, self.received_at, source)
        whole = canonical_json({**item.item, "provider": self.provider, "account": self.account})
        made = arrival(whole, self.received_at, source)
        return made if made.wire else Arrival(item.raw, None, made.problem, self.received_at, source)


def read_again(raw: bytes, received_at: datetime, source: str) -> Brought | None:
    """By the door through which it came; None for what came by that of the API."""
    provider, _, account = source.removeprefix(SOURCE).partition("/")
    if not source.startswith(SOURCE) or provider not in DOORS:
        return None
    return Brought(provider, account, DOORS[provider].parse(raw), received_at)
