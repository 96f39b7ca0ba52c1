"""Search for programs."""

from typing import Annotated

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import JSON, described
from archive.api.shapes import HitBody, hit_body
from archive.http.access import requires
from archive.http.current import caller, current_archive
from archive.http.forms import read_body, read_query
from archive.search.actions import PAGE_LIMIT, search
from archive.search.certify import certify
from archive.search.index import Sorting

blueprint = Blueprint("search", __name__)

MOST = 200

Limit = Annotated[int, Meta(ge=1, le=MOST)]


class SearchQuery(msgspec.Struct):
    q: Annotated[str, Meta(description="The search line; empty for everything.")] = ""
    limit: Annotated[Limit, Meta(description=f"From 1 to {MOST}.")] = PAGE_LIMIT
    cursor: Annotated[str | None, Meta(description="The `next` of the page before.")] = None
    order: Annotated[Sorting, Meta(description="newest, oldest or best match first.")] = "newest"


class SearchToCertify(msgspec.Struct, forbid_unknown_fields=True):
    """The search line; empty for everything."""

    q: str


class StatementBody(msgspec.Struct):
    """`statement` is what was signed, as text (canonical JSON); `signature` is base64 (Ed25519) over it as UTF-8."""

    format: str
    public_key: str
    statement: str
    signature: str


class CoverageBody(msgspec.Struct):
    """How much was searched: `indexed` of `of` texts, the ledger up to entry `through`.

    `rebuilding`: months of expiry whose texts are being indexed again, since their part of the index was damaged.
    """

    indexed: int
    of: int
    through: int
    rebuilding: list[str]


class SearchBody(msgspec.Struct):
    """One page of hits; `count` is how many there are in all, `next` the cursor of the next page.

    `compared`: the best matches were looked for among the newest so many hits only; null where among all.
    """

    hits: list[HitBody]
    count: int
    coverage: CoverageBody
    next: str | None
    compared: int | None


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
    hits = [hit_body(hit.message, hit.marks, hit.delivery) for hit in found.hits]
    return json_answer(SearchBody(hits, found.count or 0, coverage, found.next, found.compared))


@blueprint.post("/search/statements")
@requires(Permission.MESSAGES_SEARCH)
@described("Certify a search: a signed statement of what it finds", StatementBody, status=(201,), body=SearchToCertify)
def certify_search() -> Answer:
    order, me = read_body(SearchToCertify), caller()
    return Response(certify(current_archive(), me.org_id, me.actor, order.q).text.encode(), 201, mimetype=JSON)
