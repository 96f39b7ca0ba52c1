"""Everything that a text passes on its way in, in the order in which it passes it."""

from collections.abc import Iterator, Sequence

import msgspec

from archive.campaigns.standing import weigh
from archive.deliveries.noting import join
from archive.holds.catching import Arrived, catch
from archive.intake import quarantine
from archive.intake.assess import assess, own_candidates
from archive.intake.beside import take_beside
from archive.intake.from_providers import read_again
from archive.intake.model import Arrival
from archive.intake.parse import arrival
from archive.ledger.entry import Event
from archive.messages.actions import store_texts
from archive.messages.model import InboundText, Outcome
from archive.numbers.store import states_among
from archive.optouts.hearing import heed, listen, mark
from archive.tx import Tx

NEW = ("stored", "conflict")


class QuarantineRetried(Event, frozen=True, kw_only=True):
    kind = "quarantine.retried"
    outcome: str
    serial: int | None = None
    reason: str | None = None


def receive(tx: Tx, arrivals: Sequence[Arrival], actors: Sequence[str] | None = None) -> list[Outcome]:
    """Store what can be read, quarantine what can't; an outcome for each, in order. One bad item costs no other."""
    who = actors or [str(tx.actor)] * len(arrivals)
    broken = [at for at, item in enumerate(arrivals) if not item.wire]
    if not broken:
        return _receive_readable(tx, arrivals, who)
    readable = [at for at, item in enumerate(arrivals) if item.wire]
    outcomes: dict[int, Outcome] = {}
    for way, places in ((quarantine.keep, broken), (_receive_readable, readable)):
        reached = way(tx, [arrivals[at] for at in places], [who[at] for at in places])
        outcomes.update(zip(places, reached, strict=True))
    return [outcomes[at] for at in range(len(arrivals))]


def _receive_readable(tx: Tx, arrivals: Sequence[Arrival], actors: Sequence[str]) -> list[Outcome]:
    assessed = assess_all(tx, arrivals)
    heard = listen(assessed)
    texts = mark(tx, assessed, heard)
    stored = store_texts(tx, texts, actors, weigh)
    join(tx, texts, stored)
    heed(tx, texts, heard, stored)
    catch(tx, _arrived(texts, stored))
    return stored


def assess_all(tx: Tx, arrivals: Sequence[Arrival]) -> list[InboundText]:
    """Those that can be read, by the numbers as they are now."""
    readable = [(item, item.wire) for item in arrivals if item.wire]
    states = states_among(tx, own_candidates(wire for _, wire in readable))
    return [assess(item, wire, states) for item, wire in readable]


def _arrived(texts: Sequence[InboundText], outcomes: Sequence[Outcome]) -> Iterator[Arrived]:
    """Those that became a record of their own."""
    for text, outcome in zip(texts, outcomes, strict=True):
        if outcome.status in NEW and outcome.serial is not None:
            yield Arrived(outcome.serial, text, outcome.flags)


def receive_from(tx: Tx, items: Sequence[tuple[Arrival, str]]) -> list[tuple[Outcome, int]]:
    """For the group commit: items of several senders, each with its actor; outcome and size of the ledger for each."""
    outcomes = receive(tx, [item for item, _ in items], [actor for _, actor in items])
    return [(outcome, tx.ledger_size) for outcome in outcomes]


def retry(tx: Tx, seq: int) -> Outcome:
    """Read a quarantined item again, with today's parser and the time at which it came in."""
    item = quarantine.read_item(tx, seq)
    quarantine.demand_open(item.row)
    again = read_again(item.raw, item.row.received_at, item.row.source)
    item.row.attempts += 1
    if again:
        take_beside(tx, [again])
    arrivals = again.arrivals(pieces=True) if again else [arrival(item.raw, item.row.received_at, item.row.source)]
    outcome = _once_more(tx, arrivals)
    if outcome.status != "quarantined":
        item.row.resolved_at, item.row.resolved_as = tx.now, outcome.serial
    tx.record(
        QuarantineRetried(
            subject=f"quarantine:{seq}", outcome=outcome.status, serial=outcome.serial, reason=outcome.reason
        )
    )
    return outcome if outcome.status != "quarantined" else msgspec.structs.replace(outcome, serial=seq)


def _once_more(tx: Tx, arrivals: Sequence[Arrival]) -> Outcome:
    """An item is one event, so it is one text at most; one without any was reports and the like."""
    if not arrivals:
        return Outcome("noted")
    if arrivals[0].wire is None:
        return Outcome("quarantined", reason=arrivals[0].problem)
    return receive(tx, arrivals[:1])[0]
