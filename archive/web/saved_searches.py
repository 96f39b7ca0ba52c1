"""Saved searches: keeping a line under a name, finding it again, running it."""

from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.addresses import safe_address
from archive.http.current import reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.search.index import Sorting
from archive.search.query.error import QueryError
from archive.search.query.parse import LONGEST_LINE
from archive.search.saved import actions
from archive.search.saved.model import NAME_LENGTH, SavedSearch
from archive.tx import Tx
from archive.web.names import Names
from archive.web.search_page import SearchQuery, order_labels

blueprint = Blueprint("saved_searches", __name__)

Page = str | Response | tuple[str, int]

HERE = "/search/saved"

Name = Annotated[str, Meta(max_length=NAME_LENGTH, description=f"A name has up to {NAME_LENGTH} characters.")]


class NewSearch(msgspec.Struct):
    name: Name
    q: Annotated[str, Meta(max_length=LONGEST_LINE, description="Type the search line, up to 2,000 characters.")]
    sort: Annotated[Sorting, Meta(description="Choose from the list.")] = "newest"
    shared: bool = False
    back: str = HERE


class Change(msgspec.Struct):
    name: Name
    shared: bool = False


@blueprint.get(HERE)
@requires(Permission.MESSAGES_SEARCH)
def index() -> Page:
    return _page(Form())


@blueprint.post(HERE)
@requires(Permission.MESSAGES_SEARCH)
def save() -> Page:
    try:
        order = read_form(NewSearch)
        with writing() as tx:
            saved = actions.save_search(tx, name=order.name, query=order.q, sorting=order.sort, shared=order.shared)
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except QueryError as bad:
        return _page(typed_again({"q": str(bad)})), status_of(bad)[0]
    except (BadInput, Conflict) as bad:
        return _page(typed_again({"name": str(bad)})), status_of(bad)[0]
    flash(_("Saved as “%(name)s”.", name=saved.name), "ok")
    return redirect(safe_address(order.back, HERE), 303)


@blueprint.get(f"{HERE}/<saved_id>")
@requires(Permission.MESSAGES_SEARCH)
def run(saved_id: str) -> Page:
    """The address of a saved search: it leads to what it finds now."""
    with reading() as tx:
        return redirect(_href(actions.read_saved(tx, saved_id)), 303)


@blueprint.post(f"{HERE}/<saved_id>")
@requires(Permission.MESSAGES_SEARCH)
def change(saved_id: str) -> Page:
    try:
        order = read_form(Change)
        with writing() as tx:
            saved = actions.change_saved(tx, saved_id, name=order.name, shared=order.shared)
    except (BadInput, Conflict) as bad:
        flash(str(bad), "bad")
        return redirect(HERE, 303)
    who = _("everybody who may search sees it") if saved.shared else _("only you see it")
    flash(_("“%(name)s” is changed; %(who)s.", name=saved.name, who=who), "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/<saved_id>/delete")
@requires(Permission.MESSAGES_SEARCH)
def delete(saved_id: str) -> Page:
    with writing() as tx:
        gone = actions.delete_saved(tx, saved_id)
    flash(_("“%(name)s” is deleted.", name=gone.name), "ok")
    return redirect(HERE, 303)


def saved_links(tx: Tx) -> list[dict[str, str]]:
    """For the page that runs them."""
    return [{"name": saved.name, "href": _href(saved)} for saved in actions.list_saved(tx)]


def _href(saved: SavedSearch) -> str:
    return SearchQuery(saved.query, saved.sorting).href()


def _page(form: Form) -> str:
    with reading() as tx:
        names = Names(tx)
        saved = [_shown(one, names, str(tx.actor)) for one in actions.list_saved(tx)]
    orders = [{"value": value, "label": label} for value, label in order_labels().items()]
    return render_template("search/saved.html", saved=saved, orders=orders, form=form)


def _shown(saved: SavedSearch, names: Names, me: str) -> dict[str, Any]:
    return {
        "id": saved.id,
        "name": saved.name,
        "query": saved.query,
        "order": order_labels()[saved.sorting],
        "href": f"{HERE}/{saved.id}",
        "shared": saved.shared,
        "owner": names.actor(saved.owner),
        "is_mine": saved.owner == me,
        "may_change": saved.may_change,
        "changed_at": saved.changed_at,
    }
