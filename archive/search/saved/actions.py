"""Keeping, listing, renaming, sharing and deleting searches. Running one is an ordinary search, recorded as such."""

from typing import ClassVar, cast

from archive.access.actors import known_actor
from archive.core.errors import Conflict, NotFound, NotPermitted
from archive.core.ids import new_id
from archive.ledger.entry import Event
from archive.search.index import Sorting
from archive.search.query.parse import parse
from archive.search.query.spelling import clean
from archive.search.saved import store
from archive.search.saved.model import MOST_OF_ONE, SavedSearch, checked_name, may_change, may_see
from archive.search.saved.store import SavedSearchRow, Words
from archive.tx import Tx


class SearchSaved(Event, frozen=True, kw_only=True):
    kind = "search.saved"
    private: ClassVar[frozenset[str]] = frozenset({"name", "query"})
    name: str
    query: str
    sorting: str
    shared: bool


class SavedSearchChanged(Event, frozen=True, kw_only=True):
    kind = "search.changed"
    private: ClassVar[frozenset[str]] = frozenset({"before", "name"})
    before: str
    name: str
    shared: bool


class SavedSearchDeleted(Event, frozen=True, kw_only=True):
    kind = "search.deleted"
    private: ClassVar[frozenset[str]] = frozenset({"name", "query"})
    name: str
    query: str


def save_search(tx: Tx, *, name: str, query: str, sorting: Sorting = "newest", shared: bool = False) -> SavedSearch:
    """Raises `QueryError` for a line that can't be read: nobody should find that out next year."""
    name, query = checked_name(name), clean(query)
    parse(query)
    mine = [row for row in store.all_saved(tx) if row.owner == str(tx.actor)]
    if len(mine) >= MOST_OF_ONE:
        raise Conflict(f"You have saved {MOST_OF_ONE} searches, which is the most.", "Delete one that is not needed.")
    _demand_new_name(tx, mine, name)
    row = SavedSearchRow(
        org_id=tx.org_id,
        id=new_id("svs", tx.now),
        owner=str(tx.actor),
        shared=shared,
        sorting=sorting,
        created_at=tx.now,
        changed_at=tx.now,
    )
    store.put_words(tx, row, Words(name, query))
    tx.session.add(row)
    tx.record(SearchSaved(subject=row.id, name=name, query=query, sorting=sorting, shared=shared))
    return _opened(tx, row)


def list_saved(tx: Tx) -> list[SavedSearch]:
    """Those that the caller may see, by name."""
    rows = [row for row in store.all_saved(tx) if may_see(row.owner, row.shared, str(tx.actor))]
    return sorted((_opened(tx, row) for row in rows), key=lambda saved: (saved.name.casefold(), saved.id))


def read_saved(tx: Tx, saved_id: str) -> SavedSearch:
    return _opened(tx, _visible(tx, saved_id))


def change_saved(tx: Tx, saved_id: str, *, name: str | None = None, shared: bool | None = None) -> SavedSearch:
    """Another name, or seen by others or not; what is None stays. Nothing is recorded where nothing changes."""
    row = _changeable(tx, saved_id)
    before = store.words_of(tx, row)
    after = before.name if name is None else checked_name(name)
    shared = row.shared if shared is None else shared
    if (after, shared) == (before.name, row.shared):
        return _opened(tx, row)
    if not shared and row.owner != str(tx.actor):
        raise NotPermitted("Nobody would see this search any more: its owner is gone.", "Delete it instead.")
    others = [other for other in store.all_saved(tx) if other.owner == row.owner and other.id != row.id]
    _demand_new_name(tx, others, after)
    row.shared, row.changed_at = shared, tx.now
    store.put_words(tx, row, Words(after, before.query))
    tx.record(SavedSearchChanged(subject=row.id, before=before.name, name=after, shared=shared))
    return _opened(tx, row)


def delete_saved(tx: Tx, saved_id: str) -> SavedSearch:
    """What it was. The trail keeps that too, sealed."""
    gone = _opened(tx, _changeable(tx, saved_id))
    store.remove_saved(tx, gone.id)
    tx.record(SavedSearchDeleted(subject=gone.id, name=gone.name, query=gone.query))
    return gone


def _visible(tx: Tx, saved_id: str) -> SavedSearchRow:
    row = store.saved_by_id(tx, saved_id)
    if row is None or not may_see(row.owner, row.shared, str(tx.actor)):
        raise NotFound("There is no such saved search.", "`/search/saved` lists those that there are.")
    return row


def _changeable(tx: Tx, saved_id: str) -> SavedSearchRow:
    row = _visible(tx, saved_id)
    if not _may_change(tx, row):
        raise NotPermitted("This search was shared by somebody else.", "Save a copy of it under a name of your own.")
    return row


def _may_change(tx: Tx, row: SavedSearchRow) -> bool:
    asking = str(tx.actor)
    owner_can_act = row.owner == asking or known_actor(tx, row.owner).can_act
    return may_change(row.owner, row.shared, asking, owner_can_act=owner_can_act)


def _demand_new_name(tx: Tx, rows: list[SavedSearchRow], name: str) -> None:
    if any(store.words_of(tx, row).name.casefold() == name.casefold() for row in rows):
        raise Conflict(f"There is a saved search “{name}” already.", "Choose another name, or delete that one.")


def _opened(tx: Tx, row: SavedSearchRow) -> SavedSearch:
    words = store.words_of(tx, row)
    return SavedSearch(
        id=row.id,
        name=words.name,
        query=words.query,
        sorting=cast(Sorting, row.sorting),
        shared=row.shared,
        owner=row.owner,
        created_at=row.created_at,
        changed_at=row.changed_at,
        may_change=_may_change(tx, row),
    )
