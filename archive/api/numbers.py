"""The organisation's own numbers, for programs."""

from datetime import datetime

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body
from archive.numbers import actions
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers

blueprint = Blueprint("numbers", __name__)


class NumberBody(msgspec.Struct):
    """`number` is E.164; `since` is when it came into its state."""

    id: str
    number: str
    location: str
    label: str
    state: NumberState
    since: datetime
    added_at: datetime


class NumbersBody(msgspec.Struct):
    numbers: list[NumberBody]


class NewNumber(msgspec.Struct, forbid_unknown_fields=True):
    """A number of the US or Canada in any usual spelling."""

    number: str
    location: str = ""
    label: str = ""
    state: NumberState = NumberState.UNAUTHORISED


class NewState(msgspec.Struct):
    state: NumberState


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
        row = actions.add_number(tx, order.number, location=order.location, label=order.label, state=order.state)
    return json_answer(_body(row), 201)


@blueprint.post("/numbers/<number_id>/state")
@requires(Permission.NUMBERS_MANAGE)
@described("Set the texting state of a number", NumberBody, body=NewState)
def set_state(number_id: str) -> Answer:
    order = read_body(NewState)
    with writing() as tx:
        row = actions.set_state(tx, number_id, order.state)
    return json_answer(_body(row))


def _body(row: NumberRow) -> NumberBody:
    return NumberBody(row.id, row.e164, row.location, row.label, NumberState(row.state), row.since, row.added_at)
