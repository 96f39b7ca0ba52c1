"""Keeps the index up with the ledger: reads on from where the index is, and can be killed at any moment."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.ledger.store import sizes
from archive.messages.actions import hashes_of
from archive.messages.store import records_after, records_by_serial
from archive.search.contents import read_rows
from archive.search.index import IndexedText, IndexFault, IndexState, SearchIndex
from archive.search.store import commitment_at, stored_serials
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "search-index")
BATCH = 4_000

_log = logging.getLogger(__name__)


def catch_up(transactions: Transactions, index: SearchIndex, org_id: int, batch: int = BATCH) -> int:
    """Index what is new, and again what is lost, up to `batch` texts a commit; how many were added. Raises `IndexBusy`.

    An index that is damaged, or follows another ledger (since the database was restored from a backup), is built again.
    """
    give_up_damaged(index, org_id, index.check(org_id, thorough=False))
    added = _follow(transactions, index, org_id, batch)
    return added + mend(transactions, index, org_id, batch) if index.state(org_id).lost else added


def rebuild(transactions: Transactions, index: SearchIndex, org_id: int) -> int:
    """Throw the organisation's index away and make it again; how many texts are in it."""
    index.drop(org_id)
    return catch_up(transactions, index, org_id)


def has_work(session: Session, index: SearchIndex) -> bool:
    """Whether the index of any organisation has something to read on, or to make again."""
    try:
        states = ((size, index.state(org_id)) for org_id, size in sizes(session))
        return any(state.position != size or state.lost for size, state in states)
    except Damaged:
        return True


def mend(transactions: Transactions, index: SearchIndex, org_id: int, batch: int = BATCH) -> int:
    """Index again what is stored and not found, whatever the reason; how many texts were added. Raises `IndexBusy`.

    What is new goes first, so that nobody waits for it because a month was lost.
    """
    since = index.state(org_id)
    with transactions.read(org_id, ACTOR) as tx:
        lacking = index.compare(org_id, stored_serials(tx, since.position), since.position).lacking
    added = 0
    for start in range(0, max(1, len(lacking)), batch):
        with _reading(transactions, org_id) as tx:
            texts, unreadable = read_rows(tx, records_by_serial(tx, lacking[start : start + batch]))
        index.mend(org_id, texts, unreadable, since, done=start + batch >= len(lacking))
        added += len(texts) + _follow(transactions, index, org_id, batch)
    return added


def give_up_damaged(index: SearchIndex, org_id: int, faults: Sequence[IndexFault]) -> None:
    """Only what is damaged: a month, or everything where the months can't be told apart."""
    for fault in faults:
        _log.warning("%s (organisation %s)", fault.what, org_id)
    _state(index, org_id)
    if faults:
        index.give_up(org_id, {fault.period for fault in faults if fault.period})


def _follow(transactions: Transactions, index: SearchIndex, org_id: int, batch: int) -> int:
    added = 0
    while True:
        state = _state(index, org_id)
        with _reading(transactions, org_id) as tx:
            if state.position > tx.ledger_size or state.mark != commitment_at(tx, state.position):
                index.drop(org_id)
                state = index.state(org_id)
            if state.position == tx.ledger_size:
                return added
            texts, unreadable, through = _next(tx, state.position, batch)
            mark = commitment_at(tx, through)
        index.add(org_id, texts, through, unreadable, state, mark)
        added += len(texts)


@contextmanager
def _reading(transactions: Transactions, org_id: int) -> Iterator[Tx]:
    with transactions.read(org_id, ACTOR) as tx:
        hashes_of(tx)  # Without the right master key every text would look damaged and be passed over.
        yield tx


def _state(index: SearchIndex, org_id: int) -> IndexState:
    try:
        return index.state(org_id)
    except Damaged as problem:
        _log.warning("%s (organisation %s)", problem.message, org_id)
        index.drop(org_id)
        return index.state(org_id)


def _next(tx: Tx, after: int, batch: int) -> tuple[list[IndexedText], list[int], int]:
    """The next texts, the serials of those that can't be read, and up to which sequence number both reach.

    A long stretch without a text is one step.
    """
    texts: list[IndexedText] = []
    unreadable: list[int] = []
    while after < tx.ledger_size and len(texts) < batch:
        through = min(after + batch - len(texts), tx.ledger_size)
        read, damaged = read_rows(tx, records_after(tx, after, through))
        texts, unreadable, after = texts + read, unreadable + damaged, through
    return texts, unreadable, after
