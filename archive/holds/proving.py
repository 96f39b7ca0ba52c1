"""The coverage of holds, looked at anew: every text that a hold covers is under it, or is from now on."""

import logging
from dataclasses import dataclass

from archive.core.actor import Actor
from archive.holds import store
from archive.holds.covering import find_covered
from archive.holds.events import HoldCovered, digest_of
from archive.holds.model import Hold
from archive.holds.reading import active_holds, hold_of
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "hold-coverage")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one hold: `held` of `matching` texts were under it, `added` are now. `unindexed`: no search finds them yet."""

    hold_id: str
    matching: int
    held: int
    added: int
    unindexed: int

    def __str__(self) -> str:
        return f"{self.held:,} of {self.matching:,} matching, {self.unindexed:,} unindexed"


def prove_coverage(transactions: Transactions, org_id: int, indexed_through: int) -> list[Coverage]:
    """For each hold that is in force. Every text that might be covered is opened: no table that only helps to find is
    trusted. `indexed_through`: the position of the search index.
    """
    with transactions.read(org_id, ACTOR) as tx:
        holds, through = active_holds(tx), tx.ledger_size
        found = {hold.id: _covered(tx, hold, through) for hold in holds}
    proven = []
    for hold in holds:
        with transactions.write(org_id, ACTOR) as tx:
            proven.append(_prove(tx, hold, found[hold.id], indexed_through))
    return proven


def _covered(tx: Tx, hold: Hold, through: int) -> list[int]:
    if hold.standing:
        return find_covered(tx, hold.predicate, through=through, thorough=True).covered
    # What was here when it was placed, and what had come in by then but was a text only later.
    here = find_covered(tx, hold.predicate, through=hold.entry, thorough=True)
    late = find_covered(tx, hold.predicate, after=hold.entry, through=through, before=hold.placed_at, thorough=True)
    return [*here.covered, *late.covered]


def _prove(tx: Tx, hold: Hold, covered: list[int], indexed_through: int) -> Coverage:
    """Under the lock: what is still here and not under the hold comes under it."""
    under = set(store.serials_under(tx, hold.id))
    here = store.living(tx, covered)
    missing = [serial for serial in here if serial not in under] if hold_of(tx, hold.id).released_at is None else []
    proven = Coverage(
        hold_id=hold.id,
        matching=len(here),
        held=len(here) - len(missing),
        added=len(missing),
        unindexed=sum(serial > indexed_through for serial in here),
    )
    entry = tx.record(
        HoldCovered(
            subject=hold.id,
            matching=proven.matching,
            held=proven.held,
            added=proven.added,
            unindexed=proven.unindexed,
            digest=digest_of(missing) if missing else None,
        )
    )
    if missing:
        _log.warning("The hold %s did not have %d texts under it that it covers; it has now.", hold.id, len(missing))
        store.put_under(tx, hold.id, missing, entry)
    return proven
