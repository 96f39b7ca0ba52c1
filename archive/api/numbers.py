"""The organisation's own numbers, for programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.api.eligibility import FindingBody, finding_body
from archive.api.tables import CSV, FatesBody, TableQuery, take_body
from archive.campaigns.assigning import set_number_state
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body, read_query
from archive.numbers import actions
from archive.numbers.eligible import findings_of
from archive.numbers.history import Past, Stretch, number_at, past_of
from archive.numbers.importing import take_table
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers
from archive.numbers.table import read_table

blueprint = Blueprint("numbers", __name__)


class NumberBody(msgspec.Struct):
    """`number` is E.164; `since` is when it came into its state. `label`: whom it is assigned to, `user_id` which user
    that is, if it is one. `letter`: what its authorisation rests on. `campaign`: the id of the one that it is on."""

    id: str
    number: str
    location: str
    label: str
    user_id: str | None
    state: NumberState
    since: datetime
    added_at: datetime
    letter: str | None
    campaign: str | None


class NumbersBody(msgspec.Struct):
    numbers: list[NumberBody]


class NewNumber(msgspec.Struct, forbid_unknown_fields=True):
    """A number of the US or Canada in any usual spelling."""

    number: str
    location: str = ""
    label: str = ""
    state: NumberState = NumberState.UNAUTHORISED
    reason: str = ""


class NewState(msgspec.Struct):
    state: NumberState
    reason: str = ""


class Assignment(msgspec.Struct):
    """What is left out stays as it is."""

    location: str | None = None
    label: str | None = None
    reason: str = ""


class StretchBody(msgspec.Struct):
    """What a number was from `since` until `until` (null: still). `entry` of the ledger began it, made by `by`.

    `letter`: the Letter of Authorization that its authorisation rested on.
    """

    state: NumberState
    location: str
    label: str
    user_id: str | None
    since: datetime
    until: datetime | None
    by: str
    reason: str
    entry: int
    letter: str | None
    campaign: str | None


class HistoryBody(msgspec.Struct):
    """`then`: what the number was at `at`, null if it was not one of the numbers yet. `history`: newest first.
    `eligibility`: the conditions for authorising it, as they are met now."""

    number: NumberBody
    at: datetime
    then: StretchBody | None
    history: list[StretchBody]
    eligibility: list[FindingBody]


class AsOf(msgspec.Struct):
    at: Annotated[datetime, Meta(tz=True, description="A moment with its zone, like 2026-11-23T09:00:00Z.")] | None = (
        None
    )


@blueprint.get("/numbers")
@requires(Permission.NUMBERS_READ)
@described("List the organisation's numbers", NumbersBody)
def index() -> Answer:
    with reading() as tx:
        return json_answer(NumbersBody([_body(row) for row in all_numbers(tx)]))


@blueprint.post("/numbers")
@requires(Permission.NUMBERS_MANAGE)
@described("Add a number", NumberBody, status=(201,), body=NewNumber, problems=(409,))
def add() -> Answer:
    order = read_body(NewNumber)
    with writing() as tx:
        row = actions.add_number(
            tx, order.number, location=order.location, label=order.label, state=order.state, reason=order.reason
        )
    return json_answer(_body(row), 201)


@blueprint.get("/numbers/<e164>")
@requires(Permission.NUMBERS_READ)
@described("A number with its history, and what it was at a moment", HistoryBody, query=AsOf, problems=(404,))
def show(e164: str) -> Answer:
    asked = read_query(AsOf)
    with reading() as tx:
        past = past_of(tx, e164)
        at = asked.at or tx.now
        then = number_at(tx, past.number.e164, at)
        findings = [finding_body(finding) for finding in findings_of(tx, past.number)]
    return json_answer(_history(past, at, then, findings))


@blueprint.post("/numbers/<number_id>/assignment")
@requires(Permission.NUMBERS_MANAGE)
@described("Give a number to another location or holder", NumberBody, body=Assignment, problems=(409,))
def assign(number_id: str) -> Answer:
    order = read_body(Assignment)
    with writing() as tx:
        row = actions.assign(tx, number_id, location=order.location, label=order.label, reason=order.reason)
    return json_answer(_body(row))


@blueprint.post("/numbers/<number_id>/state")
@requires(Permission.NUMBERS_MANAGE)
@described("Set the texting state of a number", NumberBody, body=NewState, problems=(409,))
def set_state(number_id: str) -> Answer:
    order = read_body(NewState)
    with writing() as tx:
        row = set_number_state(tx, number_id, order.state, order.reason)
    return json_answer(_body(row))


@blueprint.post("/numbers/import")
@requires(Permission.NUMBERS_MANAGE)
@described(
    "Add and change numbers from a table",
    FatesBody,
    query=TableQuery,
    more_bodies={CSV: str},
    problems=(413,),
)
def import_() -> Answer:
    return take_body(read_table, take_table)


def _body(row: NumberRow) -> NumberBody:
    return NumberBody(
        id=row.id,
        number=row.e164,
        location=row.location,
        label=row.label,
        user_id=row.user_id,
        state=NumberState(row.state),
        since=row.since,
        added_at=row.added_at,
        letter=row.letter,
        campaign=row.campaign,
    )


def _history(past: Past, at: datetime, then: Stretch | None, findings: list[FindingBody]) -> HistoryBody:
    history = [_stretch(stretch) for stretch in past.stretches]
    whole = next((stretch for stretch in history if then and stretch.entry == then.entry), None)
    return HistoryBody(_body(past.number), at, whole, history, findings)


def _stretch(stretch: Stretch) -> StretchBody:
    return StretchBody(
        stretch.state,
        stretch.location,
        stretch.label,
        stretch.user_id,
        stretch.since,
        stretch.until,
        stretch.by,
        stretch.reason,
        stretch.entry,
        stretch.letter,
        stretch.campaign,
    )
