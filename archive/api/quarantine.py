"""The quarantine for programs: what waits, and trying it again. What arrived itself is shown to people only."""

from datetime import datetime
from typing import Annotated

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import reading, writing
from archive.http.forms import read_query
from archive.intake import quarantine
from archive.intake.actions import retry
from archive.messages.model import Outcome

blueprint = Blueprint("quarantine", __name__)

MOST = 200

Limit = Annotated[int, Meta(ge=1, le=MOST)]


class QuarantineQuery(msgspec.Struct):
    limit: Annotated[Limit, Meta(description=f"From 1 to {MOST}.")] = 100
    before: Annotated[SerialNumber | None, Meta(description="The `next` of the page before.")] = None


class ItemBody(msgspec.Struct):
    seq: int
    received_at: datetime
    source: str
    reason: str
    size: int
    attempts: int


class QuarantineBody(msgspec.Struct):
    """What waits, newest first; `waiting` counts all, `next` is the `before` of the next page."""

    items: list[ItemBody]
    waiting: int
    next: int | None


@blueprint.get("/quarantine")
@requires(Permission.QUARANTINE_READ)
@described("List what arrived and could not become a message", QuarantineBody, query=QuarantineQuery)
def index() -> Answer:
    asked = read_query(QuarantineQuery)
    with reading() as tx:
        rows = quarantine.open_items(tx, asked.limit + 1, asked.before)
        waiting = quarantine.count_open(tx)
    shown = rows[: asked.limit]
    items = [ItemBody(row.seq, row.received_at, row.source, row.reason, row.size, row.attempts) for row in shown]
    return json_answer(QuarantineBody(items, waiting, shown[-1].seq if len(rows) > asked.limit else None))


@blueprint.post("/quarantine/<serial:seq>/retry")
@requires(Permission.QUARANTINE_RETRY)
@described("Read an item again with today's rules", Outcome, problems=(409,))
def retry_one(seq: int) -> Answer:
    with writing() as tx:
        outcome = retry(tx, seq)
    return json_answer(outcome)
