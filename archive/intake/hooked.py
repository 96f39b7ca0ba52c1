"""What a provider's webhook brings: its texts take the way of all texts, and what is said of texts is added to them."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from archive.intake.actions import NEW, receive
from archive.intake.beside import take_beside
from archive.intake.from_providers import Brought
from archive.intake.parts.joining import take_parts
from archive.messages.model import Outcome
from archive.tx import Tx


def take_in(tx: Tx, requests: Sequence[Brought]) -> list[int]:
    """For the group commit: how many things of each request were new. Texts first, since reports may be on them."""
    texts = _texts(tx, requests)
    parts = [take_parts(tx, request.parts()) for request in requests]
    return [sum(new) for new in zip(texts, parts, take_beside(tx, requests), strict=True)]


def _texts(tx: Tx, requests: Sequence[Brought]) -> list[int]:
    """Those of all requests at once, which costs little more than those of one."""
    arrivals = [request.arrivals() for request in requests]
    actors = [str(request.actor) for request, its in zip(requests, arrivals, strict=True) for _ in its]
    every, before = list(chain.from_iterable(arrivals)), tx.ledger_size
    new = _are_new(receive(tx, every, actors) if every else [], before)
    return [sum(islice(new, len(its))) for its in arrivals]


def _are_new(outcomes: Sequence[Outcome], before: int) -> Iterator[bool]:
    """What was in quarantine already keeps the number that it has."""
    last = before
    for outcome in outcomes:
        kept = outcome.status == "quarantined" and (outcome.serial or 0) > last
        last = outcome.serial or last if kept else last
        yield outcome.status in NEW or kept
