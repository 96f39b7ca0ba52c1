"""Opt-outs for programs: who may not be texted, what was sent in spite of it, what waits for a person."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import reading, writing
from archive.http.forms import read_body, read_query
from archive.optouts import managing
from archive.optouts import reading as lists
from archive.optouts.model import How
from archive.optouts.reading import Broken, OptOut, Suspicion

blueprint = Blueprint("optouts", __name__)

MOST = 1_000

Limit = Annotated[int, Meta(ge=1, le=MOST)]


class OptOutsQuery(msgspec.Struct):
    limit: Annotated[Limit, Meta(description=f"From 1 to {MOST}.")] = 100
    after: Annotated[SerialNumber | None, Meta(description="The `next` of the page before.")] = None
    party: Annotated[str, Meta(max_length=100, description="Only those of this number.")] = ""


class OptOutBody(msgspec.Struct):
    """`own_number` is empty for all of them. `serial`: the text that said it. `due_on`: the tenth business day."""

    entry: int
    own_number: str
    party: str
    said_at: datetime
    how: How
    serial: int | None
    due_on: date


class OptOutsBody(msgspec.Struct):
    """Those in force, newest first. `everywhere`: each counts for all numbers. `next`: the `after` of the next page."""

    opt_outs: list[OptOutBody]
    everywhere: bool
    next: int | None


class NewOptOut(msgspec.Struct, forbid_unknown_fields=True):
    """Said in another way than by text. Without `own_number` it is about all, without `said_at` it is from now on."""

    party: str
    note: str
    own_number: str = ""
    said_at: datetime | None = None


class Note(msgspec.Struct):
    note: str


class Reach(msgspec.Struct):
    everywhere: bool


class ViolationBody(msgspec.Struct):
    """A text of ours after the opt-out `opt_out`. `days`: business days between; `late`: more than ten."""

    serial: int
    own_number: str
    party: str
    sent_at: datetime
    said_at: datetime
    opt_out: int
    days: int
    late: bool


class ViolationsBody(msgspec.Struct):
    """Newest first; `count` is of all."""

    violations: list[ViolationBody]
    count: int


class SuspicionBody(msgspec.Struct):
    """The text `serial` may mean `means`; if it does, it has to be honoured by `due_on`. `how`: by its words (text), or
    since the provider refused to carry it for an opt-out that we know nothing of (provider)."""

    serial: int
    own_number: str
    party: str
    means: Literal["opt-out", "opt-in"]
    how: How
    said_at: datetime
    due_on: date


class SuspicionsBody(msgspec.Struct):
    suspicions: list[SuspicionBody]


class Decision(msgspec.Struct):
    """`confirmed`: the text means it."""

    confirmed: bool


@blueprint.get("/opt-outs")
@requires(Permission.OPTOUTS_READ)
@described("List the opt-outs in force", OptOutsBody, query=OptOutsQuery)
def index() -> Answer:
    asked = read_query(OptOutsQuery)
    with reading() as tx:
        found, everywhere = lists.list_opt_outs(tx, asked.party or None), lists.reaches_everywhere(tx)
    start = next((at + 1 for at, one in enumerate(found) if one.entry == asked.after), 0)
    shown = found[start : start + asked.limit]
    more = shown[-1].entry if len(found) > start + asked.limit else None
    return json_answer(OptOutsBody([_body(one) for one in shown], everywhere, more))


@blueprint.post("/opt-outs")
@requires(Permission.OPTOUTS_MANAGE)
@described("Add an opt-out that was not said by text", OptOutBody, status=(201,), body=NewOptOut, problems=(409,))
def add() -> Answer:
    order = read_body(NewOptOut)
    with writing() as tx:
        change = managing.add_opt_out(
            tx, order.party, own_number=order.own_number, note=order.note, said_at=order.said_at
        )
        return json_answer(_body(lists.read_opt_out(tx, change.entry)), 201)


@blueprint.get("/opt-outs/<serial:entry>")
@requires(Permission.OPTOUTS_READ)
@described("An opt-out in force", OptOutBody)
def show(entry: int) -> Answer:
    with reading() as tx:
        return json_answer(_body(lists.read_opt_out(tx, entry)))


@blueprint.post("/opt-outs/<serial:entry>/withdraw")
@requires(Permission.OPTOUTS_MANAGE)
@described("End an opt-out; the answer is what it was", OptOutBody, body=Note)
def withdraw(entry: int) -> Answer:
    note = read_body(Note).note
    with writing() as tx:
        ended = lists.read_opt_out(tx, entry)
        managing.withdraw(tx, entry, note)
    return json_answer(_body(ended))


@blueprint.post("/opt-outs/reach")
@requires(Permission.OPTOUTS_MANAGE)
@described("Let an opt-out from one number count for all, or not", Reach, body=Reach)
def set_reach() -> Answer:
    order = read_body(Reach)
    with writing() as tx:
        managing.set_reach(tx, everywhere=order.everywhere)
    return json_answer(order)


@blueprint.get("/opt-outs/violations")
@requires(Permission.OPTOUTS_READ)
@described("List texts that went out after an opt-out", ViolationsBody)
def violations() -> Answer:
    with reading() as tx:
        found = lists.list_violations(tx)
    return json_answer(ViolationsBody([_violation(one) for one in found[:MOST]], len(found)))


@blueprint.get("/opt-outs/suspicions")
@requires(Permission.OPTOUTS_READ)
@described("List texts that may be an opt-out and wait for a person, oldest first", SuspicionsBody)
def suspicions() -> Answer:
    with reading() as tx:
        found = lists.list_suspicions(tx)
    return json_answer(SuspicionsBody([_suspicion(one) for one in found[:MOST]]))


@blueprint.post("/opt-outs/suspicions/<serial:serial>")
@requires(Permission.OPTOUTS_MANAGE)
@described("Decide about a suspected text", SuspicionsBody, body=Decision, problems=(409,))
def decide(serial: int) -> Answer:
    """The answer is what still waits."""
    order = read_body(Decision)
    with writing() as tx:
        managing.decide(tx, serial, confirmed=order.confirmed)
        found = lists.list_suspicions(tx)
    return json_answer(SuspicionsBody([_suspicion(one) for one in found[:MOST]]))


def _body(one: OptOut) -> OptOutBody:
    return OptOutBody(one.entry, one.own_number, one.party, one.said_at, one.how, one.serial, one.due_on)


def _violation(one: Broken) -> ViolationBody:
    return msgspec.convert(one, ViolationBody, from_attributes=True)


def _suspicion(one: Suspicion) -> SuspicionBody:
    return msgspec.convert(one, SuspicionBody, from_attributes=True)
