"""Placing a hold: what it would cover, and putting that under it.

The long part, looking through everything, needs no lock. Then, under the lock that a purge takes as well, only what has
come in since is looked at, and what is still here is put under the hold: from the commit on nothing of it is destroyed.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from archive.core.actor import Actor
from archive.core.clock import day_of
from archive.core.errors import BadInput
from archive.core.ids import new_id
from archive.group_commit import GroupCommit
from archive.holds import store
from archive.holds.covering import Found, find_covered, query_of
from archive.holds.events import HoldPlaced, HoldPreviewed, MatterOpened, digest_of
from archive.holds.model import HoldWords, Matter, MatterWords, Predicate
from archive.holds.reading import read_matters
from archive.holds.sealing import seal_words
from archive.holds.store import HoldRow, MatterRow
from archive.retention.period import PLANNED_AHEAD
from archive.search.index import SearchIndex
from archive.tx import Transactions, Tx

NAME_LENGTH = 200
REASON_LENGTH = 2_000
MOST_SERIALS = 10_000
SOON = timedelta(days=PLANNED_AHEAD + 1)


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """`matter`: its name; one that does not exist yet is opened. `standing`: catch what comes in later as well."""

    matter: str
    predicate: Predicate
    reason: str
    standing: bool = True
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """`covered` texts would be under the hold, `held` of which are under another one already.

    `soon`: those in purge batches that are planned by now, which this would rescue. `shredding`: too late for these.
    """

    covered: int
    held: int
    soon: int
    shredding: int


@dataclass(frozen=True, slots=True)
class Placed:
    """`preserved` texts are under the hold; `shredding` that it covers were already being destroyed."""

    hold_id: str
    matter_id: str
    preserved: int
    shredding: int


class Holding(Protocol):
    """What of an archive placing a hold needs; `wiring.Archive` is one."""

    @property
    def transactions(self) -> Transactions: ...
    @property
    def group(self) -> GroupCommit: ...
    @property
    def index(self) -> SearchIndex: ...


def preview_hold(archive: Holding, org_id: int, actor: Actor, predicate: Predicate) -> Preview:
    """Recorded like every search. Raises `QueryError` and `BadInput`."""
    check_predicate(predicate)
    with archive.transactions.read(org_id, actor) as tx:
        found = find_covered(tx, predicate, index=archive.index)
        held = store.holds_over(tx, found.covered)
        soon = store.count_due_before(tx, found.covered, day_of(tx.now) + SOON)
    archive.group.record(org_id, actor, HoldPreviewed(predicate=predicate, count=len(found.covered)))
    return Preview(len(found.covered), len(held), soon, len(found.shredding))


def place_hold(archive: Holding, org_id: int, actor: Actor, order: HoldOrder) -> Placed:
    """Raises `QueryError` and `BadInput`."""
    check_order(order)
    with archive.transactions.read(org_id, actor) as tx:
        through, before = tx.ledger_size, find_covered(tx, order.predicate, index=archive.index)
    with archive.transactions.write(org_id, actor) as tx:
        return place_found(tx, order, before, through)


def place_found(tx: Tx, order: HoldOrder, before: Found, through: int) -> Placed:
    """`before`: what was found up to entry `through` without the lock."""
    since = find_covered(tx, order.predicate, after=through)
    wanted = [*before.covered, *since.covered]
    here = store.living(tx, wanted)
    gone = len(wanted) - len(here) + len(before.shredding) + len(since.shredding)
    matter_id = _matter(tx, order)
    hold_id = new_id("hld", tx.now)
    words = HoldWords(order.predicate, order.reason.strip())
    commit, key_id, sealed = seal_words(tx, matter_id, hold_id, words)
    entry = tx.record(
        HoldPlaced(
            subject=hold_id,
            matter=matter_id,
            commit=commit,
            standing=order.standing,
            count=len(here),
            shredding=gone,
            digest=digest_of(here),
            predicate=words.predicate,
            reason=words.reason,
        )
    )
    tx.session.add(
        HoldRow(
            org_id=tx.org_id,
            id=hold_id,
            matter_id=matter_id,
            standing=order.standing,
            entry=entry,
            key_id=key_id,
            sealed=sealed,
            placed_at=tx.now,
            placed_by=str(tx.actor),
        )
    )
    store.put_under(tx, hold_id, here, entry)
    return Placed(hold_id, matter_id, len(here), gone)


def check_order(order: HoldOrder) -> None:
    if not 1 <= len(order.matter.strip()) <= NAME_LENGTH or len(order.reference) > NAME_LENGTH:
        raise BadInput(f"A matter's name has 1 to {NAME_LENGTH} characters.", "Name the case that the hold is for.")
    if not 1 <= len(order.reason.strip()) <= REASON_LENGTH:
        raise BadInput(f"A hold has a reason of 1 to {REASON_LENGTH:,} characters.", "Say why it is placed.")
    check_predicate(order.predicate)


def check_predicate(predicate: Predicate) -> None:
    query_of(predicate.query)
    if predicate == Predicate():
        raise BadInput("The hold says nothing of what it covers.", "For everything, write a date: after:2000-01-01.")
    if len(predicate.serials) > MOST_SERIALS:
        raise BadInput(f"A hold names at most {MOST_SERIALS:,} serials.", "Describe the texts by a search instead.")


def _matter(tx: Tx, order: HoldOrder) -> str:
    """The matter of that name, or a new one."""
    name = order.matter.strip()
    known: Matter | None = next((one for one in read_matters(tx) if one.name.casefold() == name.casefold()), None)
    if known:
        return known.id
    matter_id = new_id("mat", tx.now)
    words = MatterWords(name, order.reference.strip())
    commit, key_id, sealed = seal_words(tx, matter_id, matter_id, words)
    opened = MatterOpened(subject=matter_id, commit=commit, name=words.name, reference=words.reference)
    tx.session.add(
        MatterRow(
            org_id=tx.org_id,
            id=matter_id,
            entry=tx.record(opened),
            key_id=key_id,
            sealed=sealed,
            opened_at=tx.now,
        )
    )
    tx.session.flush()
    return matter_id
