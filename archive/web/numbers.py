"""The organisation's own numbers, and whether they may text."""

from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.campaigns.assigning import set_number_state
from archive.core import phone
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.locations.store import all_locations
from archive.numbers import actions
from archive.numbers.eligible import findings_of
from archive.numbers.history import Stretch, past_by_id
from archive.numbers.importing import take_table
from archive.numbers.model import NumberState
from archive.numbers.moves import OFFERED
from archive.numbers.store import NumberRow, all_numbers
from archive.numbers.table import read_table
from archive.users.store import all_users
from archive.web.eligibility import rule_label
from archive.web.names import Names
from archive.web.number_states import state_label
from archive.web.tables import take_upload

blueprint = Blueprint("numbers", __name__)

Page = str | Response | tuple[str, int]
ONE_LINE = r"^[^\x00-\x1f]*$"


Line = Annotated[
    str, Meta(max_length=actions.TEXT_LENGTH, pattern=ONE_LINE, description="Up to 200 characters in one line.")
]
Reason = Annotated[
    str, Meta(max_length=actions.REASON_LENGTH, pattern=ONE_LINE, description="Up to 500 characters in one line.")
]


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
    assigned_to: Line = ""


class NewState(msgspec.Struct):
    """`stay`: the form stands on the number's own page."""

    state: NumberState
    reason: Reason = ""
    stay: bool = False


class Assignment(msgspec.Struct):
    location: Line = ""
    assigned_to: Line = ""
    reason: Reason = ""


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
        row = set_number_state(tx, number_id, order.state, order.reason)
    number = phone.display(row.e164)
    flash(_("%(number)s is now: %(state)s.", number=number, state=state_label(order.state)), "ok")
    return redirect(f"/numbers/{number_id}" if order.stay else "/numbers", 303)


@blueprint.get("/numbers/<number_id>")
@requires(Permission.NUMBERS_READ)
def show(number_id: str) -> Page:
    return _number_page(number_id, None)


@blueprint.post("/numbers/<number_id>/assignment")
@requires(Permission.NUMBERS_MANAGE)
def assign(number_id: str) -> Page:
    try:
        order = read_form(Assignment)
    except BadFields as bad:
        return _number_page(number_id, typed_again(bad.fields)), status_of(bad)[0]
    with writing() as tx:
        actions.assign(tx, number_id, location=order.location, label=order.assigned_to, reason=order.reason)
    flash(_("The change is recorded."), "ok")
    return redirect(f"/numbers/{number_id}", 303)


@blueprint.post("/numbers/import")
@requires(Permission.NUMBERS_MANAGE)
def import_file() -> Page:
    return take_upload("numbers", _("Import numbers"), read_table, take_table)


def _page(form: Form) -> str:
    with reading() as tx:
        rows, locations, users = all_numbers(tx), all_locations(tx), all_users(tx)
    return render_template(
        "numbers/index.html",
        may_change=caller().may(Permission.NUMBERS_MANAGE),
        numbers=[_shown(row) for row in rows],
        locations=[row.name for row in locations],
        users=[row.name for row in users],
        form=form,
    )


def _shown(row: NumberRow) -> dict[str, Any]:
    state = NumberState(row.state)
    return {
        "id": row.id,
        "number": row.e164,
        "location": row.location,
        "assigned_to": row.label or None,
        "user_id": row.user_id,
        "state": state.value,
        "state_label": state_label(state),
        "since": row.since,
        "letter": row.letter,
        "next_states": [after.value for after in OFFERED[state]],
        "campaign": row.campaign,
    }


def _number_page(number_id: str, form: Form | None) -> str:
    with reading() as tx:
        past, names, locations = past_by_id(tx, number_id), Names(tx), all_locations(tx)
        users, findings = [row.name for row in all_users(tx)], findings_of(tx, past.number)
    shown = _shown(past.number)
    typed = Form({"location": past.number.location, "assigned_to": past.number.label})
    return render_template(
        "numbers/show.html",
        may_change=caller().may(Permission.NUMBERS_MANAGE),
        may_sign=caller().may(Permission.LETTERS_MANAGE),
        number=shown,
        findings=[(finding, rule_label(finding.rule)) for finding in findings],
        history=[_stretch(stretch, names) for stretch in past.stretches],
        locations=[row.name for row in locations],
        users=users,
        form=form or typed,
    )


def _stretch(stretch: Stretch, names: Names) -> dict[str, Any]:
    return {
        "state": stretch.state.value,
        "state_label": state_label(stretch.state),
        "location": stretch.location,
        "assigned_to": stretch.label or None,
        "user_id": stretch.user_id,
        "since": stretch.since,
        "until": stretch.until,
        "campaign": stretch.campaign,
        "campaign_name": names.subject(stretch.campaign) if stretch.campaign else None,
        "who": names.actor(stretch.by),
        "reason": stretch.reason,
        "entry": stretch.entry,
        "letter": stretch.letter,
    }
