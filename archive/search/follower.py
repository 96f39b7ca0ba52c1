"""Keeps the index up with the ledger: reads on from where the index is, and can be killed at any moment."""

import logging

from sqlalchemy.orm import Session

from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.ledger.store import sizes
from archive.messages.actions import hashes_of, opened
from archive.messages.store import count_messages, records_after
from archive.search.contents import indexed
from archive.search.index import IndexedText, SearchIndex
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "search-index")
BATCH = 4_000

_log = logging.getLogger(__name__)


def catch_up(transactions: Transactions, index: SearchIndex, org_id: int, batch: int = BATCH) -> int:
    """Index what is new, up to `batch` texts a commit; how many were added. Raises `IndexBusy`.

    An index that is damaged, or further than the ledger (which was then restored from a backup), is built again.
    """
    added = 0
    while True:
        after = _position(index, org_id)
        with transactions.read(org_id, ACTOR) as tx:
            hashes_of(tx)  # Without the right master key every text would look damaged and be passed over.
            if after > tx.ledger_size:
                after = 0
                index.drop(org_id)
            if after == tx.ledger_size:
                return added
            texts, unreadable, through = _next(tx, after, batch)
        index.add(org_id, texts, through, unreadable)
        added += len(texts)


def rebuild(transactions: Transactions, index: SearchIndex, org_id: int) -> int:
    """Throw the organisation's index away and make it again; how many texts are in it."""
    index.drop(org_id)
    return catch_up(transactions, index, org_id)


def entries_behind(tx: Tx, index: SearchIndex) -> int:
    """How much of the organisation's ledger the index has still to read. Raises `Damaged`."""
    return tx.ledger_size - index.position(tx.org_id)


def is_behind(session: Session, index: SearchIndex) -> bool:
    """Whether the index of any organisation has something to catch up with; a damaged one has."""
    try:
        return any(size != index.position(org_id) for org_id, size in sizes(session))
    except Damaged:
        return True


def problems(transactions: Transactions, index: SearchIndex, org_id: int) -> list[str]:
    """What is wrong with the index, in itself or compared with the database; empty when it is whole."""
    found = index.check(org_id)
    if found:
        return found
    state = index.state(org_id)
    with transactions.read(org_id, ACTOR) as tx:
        stored = count_messages(tx, state.position)
    known = state.texts + len(state.unreadable)
    return [] if stored == known else [f"{stored} texts are stored up to {state.position}, the index knows {known}."]


def _position(index: SearchIndex, org_id: int) -> int:
    try:
        return index.position(org_id)
    except Damaged as problem:
        _log.warning("%s (organisation %s)", problem.message, org_id)
        index.drop(org_id)
        return 0


def _next(tx: Tx, after: int, batch: int) -> tuple[list[IndexedText], list[int], int]:
    """The next texts, the serials of those that can't be read, and up to which sequence number both reach.

    A long stretch without a text is one step. One damaged record must not keep all later ones from being found:
    `verify` names it, and every answer says that one is missing.
    """
    texts: list[IndexedText] = []
    unreadable: list[int] = []
    while after < tx.ledger_size and len(texts) < batch:
        through = min(after + batch - len(texts), tx.ledger_size)
        for row in records_after(tx, after, through):
            try:
                texts.append(indexed(opened(tx, row)))
            except Damaged as problem:
                _log.warning("Not indexed: %s", problem.message)
                unreadable.append(row.seq)
        after = through
    return texts, unreadable, after
