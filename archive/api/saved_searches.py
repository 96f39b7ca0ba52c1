"""Saved searches for programs. A key sees its own and the shared ones, as a person does."""

from datetime import datetime

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body
from archive.search.index import Sorting
from archive.search.saved import actions
from archive.search.saved.model import SavedSearch

blueprint = Blueprint("saved_searches", __name__)


class SavedSearchBody(msgspec.Struct):
    """`q` and `order` are what `GET /api/v1/search` takes. `may_change`: this key may rename, share and delete it."""

    id: str
    name: str
    q: str
    order: Sorting
    shared: bool
    owner: str
    may_change: bool
    created_at: datetime
    changed_at: datetime


class SavedSearchesBody(msgspec.Struct):
    saved_searches: list[SavedSearchBody]


class NewSavedSearch(msgspec.Struct, forbid_unknown_fields=True):
    """`shared`: everybody who may search in the organisation sees it."""

    name: str
    q: str
    order: Sorting = "newest"
    shared: bool = False


class SavedSearchChange(msgspec.Struct):
    """What is left out stays as it is."""

    name: str | None = None
    shared: bool | None = None


@blueprint.get("/saved-searches")
@requires(Permission.MESSAGES_SEARCH)
@described("List saved searches: the key's own, and the shared ones", SavedSearchesBody)
def index() -> Answer:
    with reading() as tx:
        return json_answer(SavedSearchesBody([_body(saved) for saved in actions.list_saved(tx)]))


@blueprint.post("/saved-searches")
@requires(Permission.MESSAGES_SEARCH)
@described("Save a search", SavedSearchBody, status=(201,), body=NewSavedSearch, problems=(409,))
def save() -> Answer:
    order = read_body(NewSavedSearch)
    with writing() as tx:
        saved = actions.save_search(tx, name=order.name, query=order.q, sorting=order.order, shared=order.shared)
    return json_answer(_body(saved), 201)


@blueprint.post("/saved-searches/<saved_id>")
@requires(Permission.MESSAGES_SEARCH)
@described("Rename or share a saved search", SavedSearchBody, body=SavedSearchChange, problems=(409,))
def change(saved_id: str) -> Answer:
    order = read_body(SavedSearchChange)
    with writing() as tx:
        return json_answer(_body(actions.change_saved(tx, saved_id, name=order.name, shared=order.shared)))


@blueprint.delete("/saved-searches/<saved_id>")
@requires(Permission.MESSAGES_SEARCH)
@described("Delete a saved search; the answer is what it was", SavedSearchBody)
def delete(saved_id: str) -> Answer:
    with writing() as tx:
        return json_answer(_body(actions.delete_saved(tx, saved_id)))


def _body(saved: SavedSearch) -> SavedSearchBody:
    return SavedSearchBody(
        id=saved.id,
        name=saved.name,
        q=saved.query,
        order=saved.sorting,
        shared=saved.shared,
        owner=saved.owner,
        may_change=saved.may_change,
        created_at=saved.created_at,
        changed_at=saved.changed_at,
    )
