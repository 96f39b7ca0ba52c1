"""Authorising numbers, for programs: which can be, and an order for those that need no letter to be signed."""

from datetime import datetime
from typing import Annotated

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.authorising.choosing import Candidate, candidates
from archive.authorising.model import Draft, Order
from archive.authorising.ordering import newest_orders, place_order, read_order
from archive.core.ids import new_id
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import reading, writing
from archive.http.forms import read_body, read_query
from archive.letters.drafting import numbers_of
from archive.numbers.actions import TEXT_LENGTH
from archive.numbers.model import NumberState

blueprint = Blueprint("authorising", __name__)


class Where(msgspec.Struct):
    location: Annotated[str, Meta(max_length=TEXT_LENGTH, description="Its name; empty for numbers without one.")] = ""


class CandidateBody(msgspec.Struct):
    """`offered`: it can be authorised now; if not, `because` says why and `next_step` what to do."""

    number: str
    state: NumberState
    offered: bool
    needs_letter: bool
    because: str
    next_step: str


class CandidatesBody(msgspec.Struct):
    location: str
    numbers: list[CandidateBody]


class NewOrder(msgspec.Struct, forbid_unknown_fields=True):
    """`numbers` in any usual spelling; those that need a letter are ordered by a person, who signs it."""

    numbers: list[str]
    location: str = ""


class OrderBody(msgspec.Struct):
    """`letter`: the one that was signed with it, for those of `numbers` that are in `by_letter`."""

    order: int
    name: str
    placed_at: datetime
    placed_by: str
    location: str
    letter: str | None
    numbers: tuple[str, ...]
    by_letter: list[str]
    entry: int


class OrdersBody(msgspec.Struct):
    orders: list[OrderBody]


@blueprint.get("/authorisations/candidates")
@requires(Permission.NUMBERS_READ)
@described("Which numbers of a location can be authorised, and why the others can't", CandidatesBody, query=Where)
def offered() -> Answer:
    location = read_query(Where).location
    with reading() as tx:
        found = [_candidate(one) for one in candidates(tx, location)]
    return json_answer(CandidatesBody(location, found))


@blueprint.get("/authorisations")
@requires(Permission.NUMBERS_READ)
@described("List the newest orders", OrdersBody)
def index() -> Answer:
    with reading() as tx:
        return json_answer(OrdersBody([order_body(order) for order in newest_orders(tx)]))


@blueprint.post("/authorisations")
@requires(Permission.NUMBERS_MANAGE)
@described("Authorise numbers that need no letter", OrderBody, status=(201,), body=NewOrder, problems=(404, 409))
def place() -> Answer:
    order = read_body(NewOrder)
    with writing() as tx:
        draft = Draft(new_id("drf", tx.now), order.location, numbers_of(order.numbers))
        return json_answer(order_body(place_order(tx, draft)), 201)


@blueprint.get("/authorisations/<serial:order_number>")
@requires(Permission.NUMBERS_READ)
@described("An order", OrderBody)
def show(order_number: SerialNumber) -> Answer:
    with reading() as tx:
        return json_answer(order_body(read_order(tx, order_number)))


def _candidate(one: Candidate) -> CandidateBody:
    verdict = one.verdict
    return CandidateBody(
        one.row.e164,
        NumberState(one.row.state),
        verdict.offered,
        verdict.needs_letter,
        verdict.because,
        verdict.next_step,
    )


def order_body(order: Order) -> OrderBody:
    return OrderBody(
        order=order.number,
        name=order.name,
        placed_at=order.placed_at,
        placed_by=order.placed_by,
        location=order.location,
        letter=order.letter,
        numbers=order.numbers,
        by_letter=sorted(order.by_letter),
        entry=order.entry,
    )
