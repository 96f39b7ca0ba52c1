"""Matters and holds with their words, opened."""

from collections.abc import Sequence

from archive.core.errors import NotFound
from archive.holds import store
from archive.holds.model import Hold, HoldWords, Matter, MatterWords
from archive.holds.sealing import open_words
from archive.holds.store import HoldRow, MatterRow
from archive.tx import Tx


def read_matters(tx: Tx) -> list[Matter]:
    """Oldest first."""
    return [_matter(tx, row) for row in store.all_matters(tx)]


def read_holds(tx: Tx) -> list[Hold]:
    """Newest first, the released ones too."""
    return _holds(tx, store.all_holds(tx))


def active_holds(tx: Tx) -> list[Hold]:
    """Oldest first."""
    return _holds(tx, store.active_holds(tx))


def read_hold(tx: Tx, hold_id: str) -> Hold:
    return _holds(tx, [hold_of(tx, hold_id)])[0]


def holds_covering(tx: Tx, serial: int) -> list[Hold]:
    """The holds that a text is under, oldest first."""
    return _holds(tx, store.holds_among(tx, store.holds_over(tx, [serial]).get(serial, [])))


def hold_of(tx: Tx, hold_id: str) -> HoldRow:
    row = store.hold_row(tx, hold_id)
    if row is None:
        raise NotFound(
            f"There is no hold {hold_id}.", "`textarchive hold list` and the page of holds show all of them."
        )
    return row


def _holds(tx: Tx, rows: Sequence[HoldRow]) -> list[Hold]:
    matters = {row.id: _matter(tx, row) for row in store.matters_among(tx, {row.matter_id for row in rows})}
    counts = store.count_under(tx, [row.id for row in rows])
    return [_hold(tx, row, matters[row.matter_id], counts.get(row.id, 0)) for row in rows]


def _matter(tx: Tx, row: MatterRow) -> Matter:
    words = open_words(tx, row, MatterWords)
    return Matter(row.id, words.name, words.reference, row.opened_at)


def _hold(tx: Tx, row: HoldRow, matter: Matter, texts: int) -> Hold:
    words = open_words(tx, row, HoldWords)
    return Hold(
        id=row.id,
        matter=matter,
        predicate=words.predicate,
        reason=words.reason,
        standing=row.standing,
        entry=row.entry,
        placed_at=row.placed_at,
        placed_by=row.placed_by,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        released_at=row.released_at,
        texts=texts,
    )
