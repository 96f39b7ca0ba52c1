"""Search: results, the conversation of the text that is opened, and its record."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, stream_with_context
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import ArchiveError, NotPermitted
from archive.http.access import requires
from archive.http.current import caller, current_archive, reading
from archive.http.forms import read_form, read_query
from archive.http.problems import status_of
from archive.search.actions import Found, count_hits, search
from archive.search.certify import certify
from archive.search.index import NotSearchable
from archive.search.query import spelling
from archive.search.query.error import QueryError
from archive.search.query.model import Query
from archive.search.query.parse import parse
from archive.web.messages import opened_panes
from archive.web.saved_searches import saved_links
from archive.web.search_page import COUNT_FOLLOWS, SearchQuery, chips_of, error_of, framed, no_results, results_of
from archive.web.texts import OwnNumbers

blueprint = Blueprint("search", __name__)

Page = str | Response | tuple[str, int]

# The names of the filter form's fields are those of the query language.
FILTERS = ("direction", "delivery", "reason", "flag", "after", "before", "number", "with")
PANES = {
    "detail": "search/_detail.html",
    "conversation": "search/_conversation.html",
    "record": "search/_record.html",
}


@blueprint.get("/search")
@requires(Permission.MESSAGES_SEARCH)
def index() -> Page:
    asked = read_query(SearchQuery)
    if added := _added():
        return redirect(SearchQuery(" ".join(filter(None, (asked.q, *added))), asked.sort).href(), 303)
    if asked.pane in PANES:
        return _pane(asked, PANES[asked.pane])
    return _results(asked) if asked.pane == "results" else _whole(asked)


@blueprint.post("/search/statement")
@requires(Permission.MESSAGES_SEARCH)
def statement() -> Response:
    """To keep and to hand on: a file, not a page."""
    archive, me = current_archive(), caller()
    made = certify(archive, me.org_id, me.actor, read_form(SearchQuery).q)
    headers = {"Content-Disposition": f'attachment; filename="search-{made.stated.id}.json"'}
    return Response(made.text.encode(), mimetype="application/json", headers=headers)


def _added() -> list[str]:
    """What the filter form adds to the line, in the words of the line."""
    filled = {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}
    return [
        f"{name}:{value if spelling.is_bare_value(value) else spelling.quoted(value)}" for name, value in filled.items()
    ]


def _whole(asked: SearchQuery) -> Page:
    with reading() as tx:
        frame = {**framed(asked), "saved": saved_links(tx), "hold_href": _hold_href(asked.q)}
    try:
        query, found = parse(asked.q), _search(asked)
    except (QueryError, NotSearchable) as problem:
        shown = {**frame, "error": error_of(asked, problem), "results": no_results(), **_closed()}
        return render_template("search/index.html", search=shown), status_of(problem)[0]
    opened = _opened(asked, query) if asked.serial else _closed()
    shown = {**frame, "chips": chips_of(asked, query), "results": _found(asked, found), **opened}
    page = render_template("search/index.html", search=shown)
    return page if found.count is not None else Response(_with_count(page, asked.q), mimetype="text/html")


def _hold_href(line: str) -> str | None:
    """Where a hold on what this line finds is placed, for those who may."""
    if not line or not caller().may(Permission.HOLDS_PLACE):
        return None
    return f"/holds?{urlencode({'query': line})}#place"


def _with_count(page: str, line: str) -> Iterator[bytes]:
    """The page at once, and the count into its place as soon as it is known: in one answer, so without a script."""
    before, _mark, after = page.partition(COUNT_FOLLOWS)

    def pieces() -> Iterator[bytes]:
        yield before.encode()
        yield render_template("search/_count.html", **_count(line)).encode()
        yield after.encode()

    return stream_with_context(pieces())


def _count(line: str) -> dict[str, Any]:
    """Too late for an answer of its own: what goes wrong is said where the count would be."""
    archive, me = current_archive(), caller()
    try:
        return {"count": count_hits(archive, me.org_id, me.actor, line).count}
    except ArchiveError as problem:
        return {"count": None, "why_not": str(problem)}


def _results(asked: SearchQuery) -> str:
    return render_template("search/_results.html", results=_found(asked, _search(asked)), q=asked.q)


def _pane(asked: SearchQuery, template: str) -> str:
    opened = _opened(asked, _query_or_none(asked.q)) if asked.serial else _closed()
    return render_template(template, **opened, back_href=asked.href(serial=None), any_results=True)


def _search(asked: SearchQuery) -> Found:
    archive, me = current_archive(), caller()
    return search(archive, me.org_id, me.actor, asked.q, cursor=asked.cursor, order=asked.sort, count=False)


def _found(asked: SearchQuery, found: Found) -> dict[str, Any]:
    with reading() as tx:
        return results_of(asked, found, OwnNumbers(tx), tx.now.date())


def _opened(asked: SearchQuery, query: Query | None) -> dict[str, Any]:
    if not caller().may(Permission.MESSAGES_READ):
        raise NotPermitted("Your role does not include reading texts.", "Ask an administrator of your organisation.")
    assert asked.serial is not None
    return opened_panes(asked.serial, query, lambda serial: asked.href(serial=serial))


def _closed() -> dict[str, Any]:
    return {"conversation": None, "record": None}


def _query_or_none(line: str) -> Query | None:
    """For marks only: a line that can't be read marks nothing."""
    try:
        return parse(line)
    except QueryError:
        return None
