"""Keeps the index up with the ledger: reads on from where the index is, and can be killed at any moment."""

import logging
from collections.abc import Iterator

from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.messages.actions import hashes_of, opened
from archive.messages.store import records_after
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
            texts, through = _next(tx, after, batch)
        index.add(org_id, texts, through)
        added += len(texts)


def rebuild(transactions: Transactions, index: SearchIndex, org_id: int) -> int:
    """Throw the organisation's index away and make it again; how many texts are in it."""
    index.drop(org_id)
    return catch_up(transactions, index, org_id)


def _position(index: SearchIndex, org_id: int) -> int:
    try:
        return index.position(org_id)
    except Damaged as problem:
        _log.warning("%s (organisation %s)", problem.message, org_id)
        index.drop(org_id)
        return 0


def _next(tx: Tx, after: int, batch: int) -> tuple[list[IndexedText], int]:
    """The next texts, and up to which sequence number they reach: long stretches without a text are one step."""
    texts: list[IndexedText] = []
    while after < tx.ledger_size and len(texts) < batch:
        through = min(after + batch - len(texts), tx.ledger_size)
        texts.extend(_readable(tx, after, through))
        after = through
    return texts, after


def _readable(tx: Tx, after: int, through: int) -> Iterator[IndexedText]:
    """One damaged record must not keep all later ones from being found. `verify` names it, coverage shows it."""
    for row in records_after(tx, after, through):
        try:
            message = opened(tx, row)
        except Damaged as problem:
            _log.warning("Not indexed: %s", problem.message)
        else:
            yield indexed(message)
