"""Texts that are stored, that the index has come past, and that no search can find. What it has yet to read is lag."""

from collections.abc import Sequence

from archive.completeness import text_store
from archive.completeness.counting import ACTOR
from archive.completeness.model import Cell
from archive.core.errors import Damaged
from archive.search.index import IndexState, SearchIndex
from archive.search.store import stored_serials
from archive.tx import Transactions


def not_found(transactions: Transactions, index: SearchIndex, org_id: int) -> dict[int, Cell] | None:
    """Serial → its cell. None while nobody can say, since a month is being indexed again, or the whole index.

    Two figures tell that nothing is missing. Only where they differ is every serial compared.
    """
    try:
        state = index.state(org_id)  # Read first: what is destroyed meanwhile then looks like one too many.
        if state.lost:
            return None
        lacking = _lacking(transactions, index, org_id, state)
        if index.state(org_id).removals != state.removals:
            return None  # A purge, or a month that was given up, came in between.
    except Damaged:
        return None
    with transactions.read(org_id, ACTOR) as tx:
        return text_store.cells_of(tx, [*state.unreadable, *lacking])


def position_of(index: SearchIndex, org_id: int) -> int | None:
    """How far it has come; None if it can't say."""
    try:
        return index.position(org_id)
    except Damaged:
        return None


def _lacking(transactions: Transactions, index: SearchIndex, org_id: int, state: IndexState) -> Sequence[int]:
    with transactions.read(org_id, ACTOR) as tx:
        if text_store.readable_through(tx, state.position) <= state.texts + len(state.unreadable):
            return ()
        serials = stored_serials(tx, state.position)
    return index.compare(org_id, serials, state.position).lacking
