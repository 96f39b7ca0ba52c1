"""Who uses the organisation's numbers, and which they hold and held."""

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.details import BadDetail
from archive.core.errors import Conflict
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.locations.store import all_locations
from archive.numbers.history import held_by
from archive.numbers.store import all_numbers
from archive.tx import Tx
from archive.users import importing
from archive.users.actions import add_user, change_user, found
from archive.users.holding import read, read_all
from archive.users.model import LONGEST, LONGEST_EMAIL, User
from archive.users.store import UserRow
from archive.web.tables import take_upload

blueprint = Blueprint("users", __name__)

Page = str | Response | tuple[str, int]
ONE_LINE = r"^[^\x00-\x1f]*$"
Line = Annotated[str, Meta(max_length=LONGEST, pattern=ONE_LINE, description="Up to 200 characters in one line.")]


class Details(msgspec.Struct):
    """What is left empty is not known."""

    name: Annotated[
        str, Meta(max_length=LONGEST, pattern=ONE_LINE, description="Give the name, in up to 200 characters.")
    ]
    email: Annotated[str, Meta(max_length=LONGEST_EMAIL, pattern=ONE_LINE, description="This is too long.")] = ""
    location: Line = ""
    primary_number: Line = ""
    extension: Line = ""


@blueprint.get("/users")
@requires(Permission.NUMBERS_READ)
def index() -> Page:
    return _page(Form())


@blueprint.post("/users")
@requires(Permission.NUMBERS_MANAGE)
def add() -> Page:
    try:
        order = read_form(Details)
        with writing() as tx:
            row = add_user(tx, User(**msgspec.structs.asdict(order)))
    except (BadFields, BadDetail, Conflict) as bad:
        return _page(typed_again(_wrong(bad))), status_of(bad)[0]
    flash(_("%(name)s is added.", name=row.name), "ok")
    return redirect("/users", 303)


@blueprint.get("/users/<user_id>")
@requires(Permission.NUMBERS_READ)
def show(user_id: str) -> Page:
    return _user_page(user_id, None)


@blueprint.post("/users/<user_id>")
@requires(Permission.NUMBERS_MANAGE)
def change(user_id: str) -> Page:
    try:
        order = read_form(Details)
        with writing() as tx:
            change_user(tx, user_id, **msgspec.structs.asdict(order))
    except (BadFields, BadDetail, Conflict) as bad:
        return _user_page(user_id, typed_again(_wrong(bad))), status_of(bad)[0]
    flash(_("The change is recorded."), "ok")
    return redirect(f"/users/{user_id}", 303)


@blueprint.post("/users/import")
@requires(Permission.NUMBERS_MANAGE)
def import_file() -> Page:
    return take_upload("users", _("Import users"), importing.read_table, importing.take_table)


def _wrong(bad: BadFields | BadDetail | Conflict) -> dict[str, str]:
    if isinstance(bad, BadFields):
        return bad.fields
    return {bad.field if isinstance(bad, BadDetail) else "email": str(bad)}


def _page(form: Form) -> str:
    with reading() as tx:
        return render_template(
            "users/index.html", users=[_shown(row, user) for row, user in read_all(tx)], **_to_fill_in(tx, form)
        )


def _user_page(user_id: str, form: Form | None) -> str:
    with reading() as tx:
        row = found(tx, user_id)
        user = read(tx, row)
        return render_template(
            "users/show.html",
            user=_shown(row, user),
            held=held_by(tx, row.id),
            **_to_fill_in(tx, form or Form(asdict(user))),
        )


def _to_fill_in(tx: Tx, form: Form) -> dict[str, Any]:
    return {
        "may_change": caller().may(Permission.NUMBERS_MANAGE),
        "locations": [row.name for row in all_locations(tx)],
        "numbers": [row.e164 for row in all_numbers(tx)],
        "form": form,
    }


def _shown(row: UserRow, user: User) -> dict[str, Any]:
    return {"id": row.id, "location_id": row.location_id, **asdict(user)}
