"""Whether all that came and went is here, for programs."""

from datetime import date
from typing import Annotated

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.api.tables import CSV, FatesBody, TableQuery, take_body
from archive.completeness import importing
from archive.completeness.expecting import expect
from archive.completeness.model import Count
from archive.http.access import requires
from archive.http.current import writing
from archive.http.forms import read_body
from archive.messages.model import Direction

blueprint = Blueprint("completeness", __name__)

MOST_COUNTS = 10_000


class CountSaid(msgspec.Struct, forbid_unknown_fields=True):
    """`number`: one of your own; without it the count is of the whole account. `day`: UTC, by the texts' `sent_at`."""

    day: date
    direction: Direction
    count: Annotated[int, Meta(ge=0)]
    number: str | None = None


class CountsSaid(msgspec.Struct, forbid_unknown_fields=True):
    """What a provider says it carried for an account. Said again of the same day, the later word holds."""

    provider: str
    account: str
    counts: Annotated[list[CountSaid], Meta(max_length=MOST_COUNTS)]


class CountsTaken(msgspec.Struct):
    """`too_old`: of days whose texts may have been destroyed by now, and passed over."""

    added: int
    changed: int
    unchanged: int
    too_old: int


@blueprint.post("/provider-counts")
@requires(Permission.MESSAGES_WRITE)
@described("Say how many texts a provider carried", CountsTaken, body=CountsSaid)
def say() -> Answer:
    order = read_body(CountsSaid)
    with writing() as tx:
        counts = [Count(one.number, one.day, one.direction, one.count) for one in order.counts]
        done = expect(tx, order.provider, order.account, counts)
    return json_answer(CountsTaken(done.added, done.changed, done.unchanged, done.too_old))


@blueprint.post("/provider-counts/import")
@requires(Permission.MESSAGES_WRITE)
@described("Take in a table of providers' counts", FatesBody, query=TableQuery, more_bodies={CSV: str}, problems=(413,))
def import_() -> Answer:
    return take_body(importing.read_table, importing.take_table)
