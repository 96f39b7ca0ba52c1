"""What the search page shows around a search: its line and order, its chips, what was found or why nothing was."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from markupsafe import Markup
from msgspec import Meta

from archive.http.addresses import SerialNumber
from archive.http.formats import number
from archive.http.translation import _
from archive.providers.codes import STATUSES
from archive.search.actions import Found
from archive.search.index import NotSearchable, Sorting
from archive.search.query import model
from archive.search.query.chips import Chip, chips
from archive.search.query.error import QueryError
from archive.search.query.model import Query
from archive.web.deliveries import category_labels, status_label
from archive.web.texts import OwnNumbers, flag_labels, hits_by_day, hits_in_order

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


def order_labels() -> dict[Sorting, str]:
    """The first is what an address without an order means."""
    return {"newest": _("Newest"), "oldest": _("Oldest"), "best": _("Best match")}


def framed(asked: SearchQuery) -> dict[str, Any]:
    return {
        "q": asked.q,
        "sort": asked.sort,
        "orders": _orders(asked),
        "count_follows": COUNT_FOLLOWS,
        "chips": [],
        "directions": _choices({"in": _("Received"), "out": _("Sent")}),
        "deliveries": _choices({status: status_label(status) for status in STATUSES}),
        "reasons": _choices({name.replace("_", "-"): label for name, label in category_labels().items()}),
        "flags": _choices(flag_labels()),
        "error": None,
        "here": asked.href(),
        "results_href": asked.href(serial=None),
    }


def _orders(asked: SearchQuery) -> list[dict[str, Any]]:
    return [
        {"label": label, "href": asked.href(sort=sort, cursor=None, serial=None), "chosen": sort == asked.sort}
        for sort, label in order_labels().items()
    ]


def _choices(labels: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in labels.items()]


def chips_of(asked: SearchQuery, query: Query) -> list[dict[str, str]]:
    return [
        {**_named(chip), "remove_href": asked.href(q=chip.without, cursor=None, serial=None)} for chip in chips(query)
    ]


def _named(chip: Chip) -> dict[str, str]:
    if isinstance(chip.part, model.Party | model.Sent | model.Fact | model.Serial):
        name, _colon, value = chip.label.partition(":")
        return {"name": name, "value": value}
    return {"name": "", "value": chip.label}


def results_of(asked: SearchQuery, found: Found, numbers: OwnNumbers, today: date) -> dict[str, Any]:
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
    """In time each day has its heading; by worth the days are mixed, and each text shows its own."""

    def href(serial: int) -> str:
        return asked.href(serial=serial)

    if asked.sort != "best":
        return hits_by_day(found.hits, numbers, href, today, asked.serial)
    heading = _("Best match first")
    if found.compared:
        heading = _("Best of the newest %(count)s", count=number(found.compared))
    hits = hits_in_order(found.hits, numbers, href, asked.serial)
    return [{"day": None, "label": heading, "hits": hits}] if hits else []


def no_results() -> dict[str, Any]:
    unknown = dict.fromkeys(("count", "coverage", "took_ms", "next_href"))
    return {**unknown, "damaged": (), "days": [], "empty": "not-searched"}


def error_of(asked: SearchQuery, problem: QueryError | NotSearchable) -> dict[str, Any]:
    understood = problem.understood if isinstance(problem, QueryError) else ""
    return {
        "message": problem.message,
        "start": problem.start if isinstance(problem, QueryError) else 0,
        "end": problem.end if isinstance(problem, QueryError) else len(asked.q),
        "understood": understood,
        "understood_href": asked.href(q=understood, cursor=None, serial=None),
        "advice": problem.next_step,
    }
