"""Search for programs."""

from typing import Annotated

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.api.shapes import HitBody, hit_body
from archive.http.access import requires
from archive.http.current import caller, current_archive
from archive.http.forms import read_query
from archive.search.actions import PAGE_LIMIT, search
from archive.search.index import Order

blueprint = Blueprint("search", __name__)

MOST = 200

Limit = Annotated[int, Meta(ge=1, le=MOST)]


class SearchQuery(msgspec.Struct):
    q: Annotated[str, Meta(description="The search line; empty for everything.")] = ""
    limit: Annotated[Limit, Meta(description=f"From 1 to {MOST}.")] = PAGE_LIMIT
    cursor: Annotated[str | None, Meta(description="The `next` of the page before.")] = None
    order: Annotated[Order, Meta(description="newest or oldest first.")] = "newest"


class CoverageBody(msgspec.Struct):
    """How much was searched: `indexed` of `of` texts, the ledger up to entry `through`.

    `rebuilding`: months of expiry whose texts are being indexed again, since their part of the index was damaged.
    """

    indexed: int
    of: int
    through: int
    rebuilding: list[str]


class SearchBody(msgspec.Struct):
    """One page of hits; `count` is how many there are in all, `next` the cursor of the next page."""

    hits: list[HitBody]
    count: int
    coverage: CoverageBody
    next: str | None


@blueprint.get("/search")
@requires(Permission.MESSAGES_SEARCH)
@described("Find texts", SearchBody, query=SearchQuery)
def index() -> Answer:
    asked, me = read_query(SearchQuery), caller()
    found = search(
        current_archive(), me.org_id, me.actor, asked.q, limit=asked.limit, cursor=asked.cursor, order=asked.order
    )
    found.demand_whole()
    covered = found.coverage
    coverage = CoverageBody(covered.indexed, covered.of, covered.through, list(covered.rebuilding))
    hits = [hit_body(hit.message, hit.marks) for hit in found.hits]
    return json_answer(SearchBody(hits, found.count or 0, coverage, found.next))
