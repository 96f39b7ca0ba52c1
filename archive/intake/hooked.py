"""What a provider's webhook brings: its texts take the way of all texts, and what is said of texts is added to them."""

from collections.abc import Sequence

from archive.intake.actions import NEW, receive
from archive.intake.beside import take_beside
from archive.intake.from_providers import Brought
from archive.intake.parts.joining import take_parts
from archive.messages.model import Outcome
from archive.tx import Tx


def take_in(tx: Tx, requests: Sequence[Brought]) -> list[int]:
    """For the group commit: how many things of each request were new. Texts first, since reports may be on them."""
    texts = [_texts(tx, request) + take_parts(tx, request.parts()) for request in requests]
    beside = [take_beside(tx, request) for request in requests]
    return [text + more for text, more in zip(texts, beside, strict=True)]


def _texts(tx: Tx, request: Brought) -> int:
    arrivals = request.arrivals()
    before = tx.ledger_size
    outcomes = receive(tx, arrivals, [str(request.actor)] * len(arrivals)) if arrivals else []
    return sum(_is_new(outcome, before) for outcome in outcomes)


def _is_new(outcome: Outcome, before: int) -> bool:
    """What was in quarantine already keeps the number that it has."""
    return outcome.status in NEW or (outcome.status == "quarantined" and (outcome.serial or 0) > before)
