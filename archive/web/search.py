"""Search: results, the conversation of the text that is opened, and its record."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, redirect, render_template, request, stream_with_context
from markupsafe import Markup
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import ArchiveError, NotPermitted
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import caller, current_archive, reading
from archive.http.formats import number
from archive.http.forms import read_query
from archive.http.problems import status_of
from archive.http.translation import _
from archive.search.actions import Found, Sorting, count_hits, search
from archive.search.index import NotSearchable
from archive.search.query import model, spelling
from archive.search.query.chips import Chip, chips
from archive.search.query.error import QueryError
from archive.search.query.model import Query
from archive.search.query.parse import parse
from archive.web.messages import opened_panes
from archive.web.texts import OwnNumbers, flag_labels, hits_by_day, hits_in_order

blueprint = Blueprint("search", __name__)

Page = str | Response | tuple[str, int]

# The names of the filter form's fields are those of the query language.
FILTERS = ("direction", "flag", "after", "before", "number", "with")
PANES = {
    "detail": "search/_detail.html",
    "conversation": "search/_conversation.html",
    "record": "search/_record.html",
}
COUNT_FOLLOWS = Markup("<!-- count -->")
"""Where the count comes into a page that is sent before it is known. No text can hold it: texts are escaped."""


class SearchQuery(msgspec.Struct):
    q: str = ""
    sort: Sorting = "newest"
    cursor: Annotated[str, Meta(max_length=100)] | None = None
    serial: Annotated[SerialNumber | None, Meta(description="This is no serial number.")] = None
    pane: str | None = None

    def href(self, **changed: str | int | None) -> str:
        kept = {"q": self.q, "sort": self.sort, "cursor": self.cursor, "serial": self.serial}
        parts: dict[str, str | int | None] = {**kept, **changed}
        if parts["sort"] == "newest":
            del parts["sort"]
        said = urlencode({name: value for name, value in parts.items() if value})
        return f"/search?{said}" if said else "/search"


@blueprint.get("/search")
@requires(Permission.MESSAGES_SEARCH)
def index() -> Page:
    asked = read_query(SearchQuery)
    if added := _added():
        return redirect(SearchQuery(" ".join(filter(None, (asked.q, *added))), asked.sort).href(), 303)
    if asked.pane in PANES:
        return _pane(asked, PANES[asked.pane])
    return _results(asked) if asked.pane == "results" else _whole(asked)


def _added() -> list[str]:
    """What the filter form adds to the line, in the words of the line."""
    filled = {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}
    return [
        f"{name}:{value if spelling.is_bare_value(value) else spelling.quoted(value)}" for name, value in filled.items()
    ]


def _whole(asked: SearchQuery) -> Page:
    try:
        query, found = parse(asked.q), _search(asked)
    except (QueryError, NotSearchable) as problem:
        shown = {**_frame(asked), "error": _error(asked, problem), "results": _nothing(), **_closed()}
        return render_template("search/index.html", search=shown), status_of(problem)[0]
    opened = _opened(asked, query) if asked.serial else _closed()
    shown = {**_frame(asked), "chips": _chips(asked, query), "results": _found(asked, found), **opened}
    page = render_template("search/index.html", search=shown)
    return page if found.count is not None else Response(_with_count(page, asked.q), mimetype="text/html")


def _with_count(page: str, line: str) -> Iterator[bytes]:
    """The page at once, and the count into its place as soon as it is known: in one answer, so without a script."""
    before, _mark, after = page.partition(COUNT_FOLLOWS)

    def pieces() -> Iterator[str]:
        yield before
        yield render_template("search/_count.html", **_count(line))
        yield after

    return (piece.encode() for piece in stream_with_context(pieces()))


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


def _frame(asked: SearchQuery) -> dict[str, Any]:
    return {
        "q": asked.q,
        "sort": asked.sort,
        "orders": _orders(asked),
        "count_follows": COUNT_FOLLOWS,
        "chips": [],
        "directions": _choices({"in": _("Received"), "out": _("Sent")}),
        "flags": _choices(flag_labels()),
        "error": None,
        "results_href": asked.href(serial=None),
    }


def _orders(asked: SearchQuery) -> list[dict[str, Any]]:
    labels = {"newest": _("Newest"), "oldest": _("Oldest"), "best": _("Best match")}
    return [
        {"label": label, "href": asked.href(sort=sort, cursor=None, serial=None), "chosen": sort == asked.sort}
        for sort, label in labels.items()
    ]


def _choices(labels: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in labels.items()]


def _chips(asked: SearchQuery, query: Query) -> list[dict[str, str]]:
    return [
        {**_named(chip), "remove_href": asked.href(q=chip.without, cursor=None, serial=None)} for chip in chips(query)
    ]


def _named(chip: Chip) -> dict[str, str]:
    if isinstance(chip.part, model.Party | model.Sent | model.Fact | model.Serial):
        name, _colon, value = chip.label.partition(":")
        return {"name": name, "value": value}
    return {"name": "", "value": chip.label}


def _found(asked: SearchQuery, found: Found) -> dict[str, Any]:
    with reading() as tx:
        numbers, today = OwnNumbers(tx), tx.now.date()
    return {
        "count": found.count,
        "coverage": found.coverage,
        "damaged": found.damaged,
        "took_ms": round(found.took * 1000),
        "days": _listed(asked, found, numbers, today),
        "next_href": asked.href(cursor=found.next, serial=None) if found.next else None,
        "empty": "nothing-found" if found.coverage.of else "nothing-archived",
    }


def _listed(asked: SearchQuery, found: Found, numbers: OwnNumbers, today: date) -> list[dict[str, Any]]:
    """In time each day has its heading; by worth days are mixed, and each text shows its own."""

    def href(serial: int) -> str:
        return asked.href(serial=serial)

    if asked.sort != "best":
        return hits_by_day(found.hits, numbers, href, today, asked.serial)
    heading = _("Best match first")
    if found.compared:
        heading = _("Best of the newest %(count)s", count=number(found.compared))
    hits = hits_in_order(found.hits, numbers, href, asked.serial)
    return [{"day": None, "label": heading, "hits": hits}] if hits else []


def _nothing() -> dict[str, Any]:
    unknown = dict.fromkeys(("count", "coverage", "took_ms", "next_href"))
    return {**unknown, "damaged": (), "days": [], "empty": "not-searched"}


def _error(asked: SearchQuery, problem: QueryError | NotSearchable) -> dict[str, Any]:
    understood = problem.understood if isinstance(problem, QueryError) else ""
    return {
        "message": problem.message,
        "start": problem.start if isinstance(problem, QueryError) else 0,
        "end": problem.end if isinstance(problem, QueryError) else len(asked.q),
        "understood": understood,
        "understood_href": asked.href(q=understood, cursor=None, serial=None),
        "advice": problem.next_step,
    }
