"""The organisation's own numbers, and whether they may text."""

from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core import phone
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.numbers import actions
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers

blueprint = Blueprint("numbers", __name__)

Page = str | Response | tuple[str, int]
ONE_LINE = r"^[^\x00-\x1f]*$"


class NewNumber(msgspec.Struct):
    number: Annotated[str, Meta(max_length=100, description="Type a number like +1 (415) 555-0188.")]
    location: Annotated[
        str,
        Meta(
            max_length=actions.TEXT_LENGTH,
            pattern=ONE_LINE,
            description="Say where it is used, in one line of up to 200 characters.",
        ),
    ]
    assigned_to: Annotated[
        str, Meta(max_length=actions.TEXT_LENGTH, pattern=ONE_LINE, description="Up to 200 characters in one line.")
    ] = ""


class NewState(msgspec.Struct):
    state: NumberState


@blueprint.get("/numbers")
@requires(Permission.NUMBERS_READ)
def index() -> Page:
    return _page(Form())


@blueprint.post("/numbers")
@requires(Permission.NUMBERS_MANAGE)
def add() -> Page:
    try:
        order = read_form(NewNumber)
        with writing() as tx:
            row = actions.add_number(tx, order.number, location=order.location, label=order.assigned_to)
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except (BadInput, Conflict) as bad:
        return _page(typed_again({"number": str(bad)})), status_of(bad)[0]
    flash(_("%(number)s is added. It is not authorised yet.", number=phone.display(row.e164)), "ok")
    return redirect("/numbers", 303)


@blueprint.post("/numbers/<number_id>/state")
@requires(Permission.NUMBERS_MANAGE)
def set_state(number_id: str) -> Page:
    order = read_form(NewState)
    with writing() as tx:
        row = actions.set_state(tx, number_id, order.state)
    number = phone.display(row.e164)
    flash(_("%(number)s is now: %(state)s.", number=number, state=state_label(order.state)), "ok")
    return redirect("/numbers", 303)


def state_label(state: NumberState) -> str:
    return {
        NumberState.UNAUTHORISED: _("Not authorised"),
        NumberState.LOA_REQUIRED: _("Letter required"),
        NumberState.AUTHORISED: _("Authorised"),
        NumberState.REGISTERED: _("Registered"),
        NumberState.SUSPENDED: _("Suspended"),
        NumberState.RELEASED: _("Released"),
    }[state]


def _page(form: Form) -> str:
    with reading() as tx:
        rows = all_numbers(tx)
    return render_template(
        "numbers/index.html",
        may_change=caller().may(Permission.NUMBERS_MANAGE),
        numbers=[_shown(row) for row in rows],
        locations=sorted({row.location for row in rows if row.location}),
        form=form,
    )


def _shown(row: NumberRow) -> dict[str, Any]:
    state = NumberState(row.state)
    return {
        "id": row.id,
        "number": row.e164,
        "location": row.location,
        "assigned_to": row.label or None,
        "state": state.value,
        "state_label": state_label(state),
        "since": row.since,
        "next_states": [after.value for after in actions.OFFERED[state]],
    }
