"""Whether all that came and went is here, for programs."""

from datetime import date, datetime
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
from archive.completeness.gap import Cause, Gap
from archive.completeness.indexed import position_of
from archive.completeness.model import Count
from archive.completeness.reading import Completeness, read_completeness
from archive.completeness.recording import acknowledge, acknowledge_day
from archive.completeness.standing import Standing, State
from archive.http.access import requires
from archive.http.current import caller, current_archive, reading, writing
from archive.http.forms import read_body, read_query
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


class CompletenessQuery(msgspec.Struct):
    """Thirty days until today, if it is not said; 92 at most."""

    number: Annotated[str | None, Meta(description="Only this number of yours.")] = None
    first: Annotated[date | None, Meta(description="The first day, like 2026-11-25.")] = msgspec.field(
        name="from", default=None
    )
    last: Annotated[date | None, Meta(description="The last day, like 2026-11-25.")] = msgspec.field(
        name="to", default=None
    )


class DayBody(msgspec.Struct):
    """One number or account on one UTC day. `expected`: null where no provider has said. `indexed`: how many of the
    stored ones a search can find; null while the index is being made.
    """

    day: date
    provider: str
    account: str | None
    number: str | None
    direction: Direction
    expected: int | None
    stored: int
    indexed: int | None
    missing: int
    surplus: int
    state: State


class GapBody(msgspec.Struct):
    """`missing` texts; `cause`: how that is known. `serials`: ranges in which they are, where that is known."""

    id: str
    cause: Cause
    day: date
    provider: str | None
    account: str | None
    number: str | None
    direction: str | None
    expected: int
    stored: int
    indexed: int
    missing: int
    serials: list[tuple[int, int]]
    opened_at: datetime
    closed_at: datetime | None
    closed_because: str | None
    acknowledged_at: datetime | None


class AlarmBody(msgspec.Struct):
    gaps: int
    texts: int


class CompletenessBody(msgspec.Struct):
    """`closed_through`: the last day of which all should have come. `alarms`: of all days, by how known."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    closed_through: date
    looked_at: datetime | None
    alarms: dict[str, AlarmBody]
    days: list[DayBody]
    gaps: list[GapBody]


class Reason(msgspec.Struct):
    reason: str


class ReasonForDay(msgspec.Struct):
    day: date
    reason: str


class Acknowledged(msgspec.Struct):
    gaps: int


@blueprint.get("/completeness")
@requires(Permission.INTEGRITY_READ)
@described("Compare what must have come with what is here", CompletenessBody, query=CompletenessQuery)
def show() -> Answer:
    query, position = read_query(CompletenessQuery), position_of(current_archive().index, caller().org_id)
    with reading() as tx:
        return json_answer(_body(read_completeness(tx, position, query.first, query.last, query.number)))


@blueprint.post("/completeness/gaps/<gap_id>/acknowledge")
@requires(Permission.PROVIDERS_MANAGE)
@described("Say of a gap that it is known, and why", GapBody, body=Reason, problems=(404, 409))
def acknowledge_gap(gap_id: str) -> Answer:
    order = read_body(Reason)
    with writing() as tx:
        return json_answer(_gap(acknowledge(tx, gap_id, order.reason)))


@blueprint.post("/completeness/acknowledge")
@requires(Permission.PROVIDERS_MANAGE)
@described("Say of all gaps of a day that they are known, and why", Acknowledged, body=ReasonForDay, problems=(409,))
def acknowledge_all() -> Answer:
    order = read_body(ReasonForDay)
    with writing() as tx:
        return json_answer(Acknowledged(acknowledge_day(tx, order.day, order.reason)))


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


def _body(found: Completeness) -> CompletenessBody:
    return CompletenessBody(
        first=found.first,
        last=found.last,
        closed_through=found.closed,
        looked_at=found.looked_at,
        alarms={cause.value: AlarmBody(gaps, texts) for cause, (gaps, texts) in found.alarms.items()},
        days=[_day(one) for one in found.standings],
        gaps=[_gap(gap) for gap in found.gaps],
    )


def _day(one: Standing) -> DayBody:
    cell = one.cell
    return DayBody(
        day=cell.day,
        provider=cell.provider,
        account=cell.account or None,
        number=cell.number or None,
        direction="inbound" if cell.direction == "inbound" else "outbound",
        expected=one.expected,
        stored=one.stored,
        indexed=one.indexed,
        missing=one.missing,
        surplus=one.surplus,
        state=one.state,
    )


def _gap(gap: Gap) -> GapBody:
    short, cell = gap.short, gap.short.cell
    return GapBody(
        id=gap.id,
        cause=short.cause,
        day=cell.day,
        provider=cell.provider or None,
        account=cell.account or None,
        number=cell.number or None,
        direction=cell.direction or None,
        expected=short.expected,
        stored=short.stored,
        indexed=short.indexed,
        missing=short.missing,
        serials=list(short.serials),
        opened_at=gap.opened_at,
        closed_at=gap.closed_at,
        closed_because=gap.because.value if gap.because else None,
        acknowledged_at=gap.acknowledged_at,
    )
