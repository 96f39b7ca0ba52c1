"""The wizard that authorises numbers, in its first steps: a location, its numbers. What is chosen is kept here."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from flask import Blueprint, redirect, render_template
from msgspec import Meta
from msgspec.structs import replace
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.authorising.choosing import Candidate, candidates, sites, stands_in_the_way
from archive.authorising.drafting import draft_of, keep_draft
from archive.authorising.model import MOST_NUMBERS, Draft
from archive.authorising.ordering import chosen, newest_orders, numbers_that_need_a_letter
from archive.core.errors import ArchiveError, BadInput, Conflict, NotFound, NotPermitted
from archive.core.ids import new_id
from archive.http.access import requires
from archive.http.current import caller, reading, signed_in_person, writing
from archive.http.forms import BadFields, read_form
from archive.http.problems import status_of
from archive.letters.drafting import numbers_of
from archive.numbers.actions import TEXT_LENGTH
from archive.numbers.model import NumberState
from archive.tx import Tx
from archive.web.names import Names
from archive.web.number_states import state_label

blueprint = Blueprint("authorising", __name__)

Page = str | Response | tuple[str, int]
HERE = "/authorise"


class Where(msgspec.Struct):
    """Empty for numbers without a location."""

    location: Annotated[str, Meta(max_length=TEXT_LENGTH, description="Choose from the list.")] = ""


class Which(msgspec.Struct):
    numbers: Annotated[
        list[str], Meta(min_length=1, max_length=MOST_NUMBERS, description="Choose from 1 to 200 numbers.")
    ]


@blueprint.get(HERE)
@requires(Permission.NUMBERS_READ)
def start() -> Page:
    demand_may()
    with reading() as tx:
        names = Names(tx)
        return render_template(
            "authorising/start.html",
            sites=sites(tx),
            in_the_way=stands_in_the_way(tx),
            draft=draft_of(tx, me()),
            orders=[(order, names.actor(order.placed_by)) for order in newest_orders(tx)],
        )


@blueprint.post(f"{HERE}/location")
@requires(Permission.NUMBERS_MANAGE)
def choose_location() -> Page:
    """Another location has other numbers; what was typed into a letter stays."""
    location = read_form(Where).location
    with writing() as tx:
        draft = draft_of(tx, me())
        if location not in {site.name for site in sites(tx)}:
            raise NotFound(f"There is no location {location!r} with numbers.", "Choose from the list.")
        if draft.location != location:
            draft = replace(draft, location=location, numbers=())
        keep_draft(tx, me(), draft)
    return redirect(f"{HERE}/numbers", 303)


@blueprint.get(f"{HERE}/numbers")
@requires(Permission.NUMBERS_READ)
def numbers() -> Page:
    demand_may()
    with reading() as tx:
        draft = draft_of(tx, me())
        if draft.location is None:
            return redirect(HERE, 303)
        return numbers_page(tx, draft, {})


@blueprint.post(f"{HERE}/numbers")
@requires(Permission.NUMBERS_MANAGE)
def choose_numbers() -> Page:
    with reading() as tx:
        draft = draft_of(tx, me())
        if draft.location is None:
            return redirect(HERE, 303)
        try:
            draft = replace(draft, numbers=numbers_of(read_form(Which).numbers))
            needing = numbers_that_need_a_letter(chosen(tx, draft.numbers))
        except (BadFields, BadInput, NotFound, Conflict) as bad:
            return numbers_page(tx, draft, errors_of(bad)), status_of(bad)[0]
    with writing() as tx:
        keep_draft(tx, me(), draft)
    return redirect(f"{HERE}/letter" if needing else f"{HERE}/check", 303)


@blueprint.post(f"{HERE}/afresh")
@requires(Permission.NUMBERS_MANAGE)
def start_afresh() -> Page:
    with writing() as tx:
        keep_draft(tx, me(), Draft(new_id("drf", tx.now)))
    return redirect(HERE, 303)


def numbers_page(tx: Tx, draft: Draft, errors: Mapping[str, str]) -> str:
    found = candidates(tx, draft.location or "")
    return render_template(
        "authorising/numbers.html",
        location=draft.location,
        offered=[_choice(one, draft) for one in found if one.verdict.offered],
        others=[_choice(one, draft) for one in found if not one.verdict.offered],
        most=MOST_NUMBERS,
        errors=errors,
    )


def errors_of(bad: ArchiveError) -> Mapping[str, str]:
    return bad.fields if isinstance(bad, BadFields) else {"numbers": str(bad)}


def me() -> str:
    person, _session = signed_in_person()
    return person.id


def demand_may() -> None:
    """For pages with nothing on them but what leads to an order."""
    if not caller().may(Permission.NUMBERS_MANAGE):
        raise NotPermitted("Your role does not include authorising numbers.", "Ask an administrator to do it.")


def _choice(one: Candidate, draft: Draft) -> dict[str, Any]:
    state = NumberState(one.row.state)
    return {
        "id": one.row.id,
        "number": one.row.e164,
        "assigned_to": one.row.label or None,
        "state": state.value,
        "state_label": state_label(state),
        "needs_letter": one.verdict.needs_letter,
        "because": one.verdict.because,
        "next_step": one.verdict.next_step,
        "chosen": one.row.e164 in draft.numbers,
    }
