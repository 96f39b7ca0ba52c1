"""What a provider's webhook brings: its texts take the way of all texts, and what is said of texts is added to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.core.actor import Actor
from archive.deliveries.noting import Said, note
from archive.intake.actions import NEW, receive
from archive.intake.from_providers import arrival_of
from archive.intake.model import Arrival
from archive.messages.model import Outcome
from archive.providers.said import Delivery, Item
from archive.tx import Tx


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


def take_in(tx: Tx, requests: Sequence[Brought]) -> list[int]:
    """For the group commit: how many things of each request were new. Texts first, since reports may be on them."""
    outcomes = [_texts(tx, request) for request in requests]
    reported = [
        note(tx, [_said(request, item) for item in request.items if isinstance(item, Delivery)]) for request in requests
    ]
    return [texts + reports for texts, reports in zip(outcomes, reported, strict=True)]


def _texts(tx: Tx, request: Brought) -> int:
    arrivals = list(arrivals_of(request))
    before = tx.ledger_size
    outcomes = receive(tx, arrivals, [str(request.actor)] * len(arrivals)) if arrivals else []
    return sum(_is_new(outcome, before) for outcome in outcomes)


def _is_new(outcome: Outcome, before: int) -> bool:
    """What was in quarantine already keeps the number that it has."""
    return outcome.status in NEW or (outcome.status == "quarantined" and (outcome.serial or 0) > before)


def arrivals_of(request: Brought) -> Iterable[Arrival]:
    for item in request.items:
        if not isinstance(item, Delivery):
            yield arrival_of(item, request.provider, request.account, request.received_at)


def _said(request: Brought, delivery: Delivery) -> Said:
    return Said(request.provider, request.account, delivery, request.actor)
