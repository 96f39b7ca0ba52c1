"""Matters and holds, for programs. Placing and asking is theirs, too; allowing a release is a person's."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.holds.describing import Parts, describe
from archive.holds.model import Hold, Predicate
from archive.holds.placing import MOST_SERIALS, HoldOrder, place_hold, preview_hold
from archive.holds.reading import read_hold, read_holds
from archive.holds.releasing import Effect, ask_release, refuse_release, release_effect
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import caller, current_archive, reading, writing
from archive.http.forms import read_body

blueprint = Blueprint("holds", __name__)


class Covering(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a text has to be: all that is given; of several numbers or parties any one. `conversation_of`: a serial."""

    query: str = ""
    numbers: list[str] = []
    parties: list[str] = []
    serials: Annotated[list[SerialNumber], Meta(max_length=MOST_SERIALS)] = []
    conversation_of: SerialNumber | None = None


class NewHold(Covering, kw_only=True, forbid_unknown_fields=True):
    """`matter`: its name; one that does not exist yet is opened. `standing`: catch what comes in later as well."""

    matter: str
    reason: str
    reference: str = ""
    standing: bool = True


class PreviewBody(msgspec.Struct):
    """`covered` texts would be under it, `held` of which are held already. `soon`: of these, what a planned purge would
    take. `being_destroyed`: too late for these.
    """

    covered: int
    held: int
    soon: int
    being_destroyed: int


class PlacedBody(msgspec.Struct):
    """`preserved` texts are under it; `being_destroyed` that it covers already were."""

    id: str
    matter: str
    preserved: int
    being_destroyed: int


class MatterBody(msgspec.Struct):
    id: str
    name: str
    reference: str


class EffectBody(msgspec.Struct):
    """Releasing it frees `freed` of `covered` texts. `planned` of these have had their time and go on `due_on`."""

    covered: int
    freed: int
    planned: int
    due_on: date


class HoldBody(msgspec.Struct):
    """`texts`: how many are under it now. `release`: what releasing it would do; null in lists.

    `query` is null for who may not search.
    """

    id: str
    matter: MatterBody
    state: Literal["in-force", "release-asked", "released"]
    query: str | None
    conversation: bool
    serials: list[int]
    reason: str
    standing: bool
    texts: int
    placed_at: datetime
    placed_by: str
    asked_at: datetime | None
    asked_by: str | None
    released_at: datetime | None
    release: EffectBody | None = None


class HoldsBody(msgspec.Struct):
    holds: list[HoldBody]


class Release(msgspec.Struct):
    reason: str


@blueprint.get("/holds")
@requires(Permission.HOLDS_READ)
@described("List the holds, newest first", HoldsBody)
def index() -> Answer:
    with reading() as tx:
        return json_answer(HoldsBody([_body(hold) for hold in read_holds(tx)]))


@blueprint.post("/holds")
@requires(Permission.HOLDS_PLACE)
@described("Place a hold", PlacedBody, status=(201,), body=NewHold)
def place() -> Answer:
    order, me = read_body(NewHold), caller()
    placed = place_hold(
        current_archive(),
        me.org_id,
        me.actor,
        HoldOrder(order.matter, _predicate(order), order.reason, order.standing, order.reference),
    )
    return json_answer(PlacedBody(placed.hold_id, placed.matter_id, placed.preserved, placed.shredding), 201)


@blueprint.post("/holds/preview")
@requires(Permission.HOLDS_PLACE)
@described("What a hold would cover", PreviewBody, body=Covering)
def preview() -> Answer:
    predicate = _predicate(read_body(Covering))
    archive, me = current_archive(), caller()
    seen = preview_hold(archive, me.org_id, me.actor, predicate)
    return json_answer(PreviewBody(seen.covered, seen.held, seen.soon, seen.shredding))


@blueprint.get("/holds/<hold_id>")
@requires(Permission.HOLDS_READ)
@described("A hold, and what releasing it would do", HoldBody)
def show(hold_id: str) -> Answer:
    with reading() as tx:
        return json_answer(_body(read_hold(tx, hold_id), release_effect(tx, hold_id)))


@blueprint.post("/holds/<hold_id>/release")
@requires(Permission.HOLDS_PLACE)
@described("Ask for the release of a hold; a person allows it", HoldBody, body=Release, problems=(409,))
def ask(hold_id: str) -> Answer:
    reason = read_body(Release).reason
    with writing() as tx:
        ask_release(tx, hold_id, reason)
        return json_answer(_body(read_hold(tx, hold_id), release_effect(tx, hold_id)))


@blueprint.post("/holds/<hold_id>/release/refuse")
@requires(Permission.HOLDS_PLACE)
@described("Take back what was asked for, or refuse it", HoldBody, problems=(409,))
def refuse(hold_id: str) -> Answer:
    with writing() as tx:
        refuse_release(tx, hold_id)
        return json_answer(_body(read_hold(tx, hold_id), release_effect(tx, hold_id)))


def _predicate(asked: Covering) -> Predicate:
    parts = Parts(asked.query, tuple(asked.numbers), tuple(asked.parties), tuple(asked.serials), asked.conversation_of)
    with reading() as tx:
        return describe(tx, parts)


def _body(hold: Hold, effect: Effect | None = None) -> HoldBody:
    return HoldBody(
        id=hold.id,
        matter=MatterBody(hold.matter.id, hold.matter.name, hold.matter.reference),
        state="released" if not hold.is_active else "release-asked" if hold.asked_at else "in-force",
        query=hold.predicate.query if caller().may(Permission.MESSAGES_SEARCH) else None,
        conversation=hold.predicate.conversation is not None,
        serials=list(hold.predicate.serials),
        reason=hold.reason,
        standing=hold.standing,
        texts=hold.texts,
        placed_at=hold.placed_at,
        placed_by=hold.placed_by,
        asked_at=hold.asked_at,
        asked_by=hold.asked_by,
        released_at=hold.released_at,
        release=EffectBody(effect.covered, effect.freed, effect.planned, effect.due_on) if effect else None,
    )
