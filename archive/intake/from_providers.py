"""What a provider said, as arrivals at our own door and what is added beside; and again, by a newer parser."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.core.actor import Actor
from archive.core.canonical import canonical_json
from archive.deliveries.noting import Said
from archive.intake.model import Arrival
from archive.intake.parse import arrival
from archive.optouts.telling import Told
from archive.providers.listed.model import READERS
from archive.providers.model import DOORS
from archive.providers.said import Delivery, Item, OptOut, Part, Text, Unread, parser
from archive.providers.tcr import RegistryEvent

HOOK: Final = "hook"
LIST: Final = "list"
"""Before provider and account in where an item came from: `hook:twilio/AC1`, `list:twilio/AC1`."""


@dataclass(frozen=True, slots=True)
class PartSaid:
    """A piece, and who brought it when."""

    provider: str
    account: str
    part: Part
    received_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor("provider", f"{self.provider}/{self.account}")


@dataclass(frozen=True, slots=True)
class Brought:
    """All of one request. `account` is the one that the webhook's address names. `way`: `HOOK` or `LIST`."""

    provider: str
    account: str
    items: Sequence[Item]
    received_at: datetime
    way: str = HOOK

    @property
    def actor(self) -> Actor:
        return Actor("provider", f"{self.provider}/{self.account}")

    def arrivals(self, *, pieces: bool = False) -> list[Arrival]:
        """`pieces`: those of long texts, too, each as a text of its own."""
        wanted = Text | Unread | Part if pieces else Text | Unread
        return [self._arrival(item) for item in self.items if isinstance(item, wanted)]

    def reports(self) -> list[Said]:
        told = [item for item in self.items if isinstance(item, Delivery)]
        return [Said(self.provider, self.account, item, self.actor) for item in told]

    def parts(self) -> list[PartSaid]:
        pieces = (item for item in self.items if isinstance(item, Part))
        return [PartSaid(self.provider, self.account, item, self.received_at) for item in pieces]

    def opt_outs(self) -> list[Told]:
        return [Told(item, self.actor, self.received_at) for item in self.items if isinstance(item, OptOut)]

    def registrations(self) -> list[RegistryEvent]:
        return [item for item in self.items if isinstance(item, RegistryEvent)]

    def _arrival(self, item: Text | Unread | Part) -> Arrival:
        """What becomes no text is kept as the provider sent it, not as we have read it."""
        source = f"{self.way}:{self.provider}/{self.account}"
        if isinstance(item, Unread):
            return Arrival(item.raw, None, item.reason, self.received_at, source)
        whole = canonical_json({**item.item, "provider": self.provider, "account": self.account})
        made = arrival(whole, self.received_at, source)
        return made if made.wire else Arrival(item.raw, None, made.problem, self.received_at, source)


def read_again(raw: bytes, received_at: datetime, source: str) -> Brought | None:
    """By the door through which it came; None for what came by that of the API."""
    way, _, whose = source.partition(":")
    provider, _, account = whose.partition("/")
    parse = _parsers(way).get(provider)
    return Brought(provider, account, parse(raw), received_at, way) if parse else None


def _parsers(way: str) -> dict[str, Callable[[bytes], Sequence[Item]]]:
    if way == HOOK:
        return {name: door.parse for name, door in DOORS.items()}
    return {name: parser(reader.event) for name, reader in READERS.items()} if way == LIST else {}
