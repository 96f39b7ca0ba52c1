"""People and their roles."""

from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access import people, sessions
from archive.access.people import PersonRow
from archive.access.roles import FIRST_PERSON, Permission, Role
from archive.core.errors import Conflict
from archive.http.access import requires
from archive.http.current import caller, reading, signed_in_person, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.frame import role_label, role_labels
from archive.http.problems import status_of
from archive.http.translation import _
from archive.tx import Tx

blueprint = Blueprint("people", __name__)

Page = str | Response | tuple[str, int]

Roles = Annotated[str, Meta(pattern=r"^[a-z,]+$", description="Choose a role.")]


class NewPerson(msgspec.Struct):
    name: Annotated[str, Meta(max_length=people.NAME_LENGTH, description="Type the name, up to 200 characters.")]
    email: Annotated[
        str, Meta(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254, description="Type an address like dana@example.com.")
    ]
    role: Roles


class NewRoles(msgspec.Struct):
    role: Roles


# What the page offers. One choice may stand for several roles, joined by commas.
OFFERED = (
    frozenset({Role.COMPLIANCE}),
    frozenset({Role.ADMINISTRATOR}),
    frozenset({Role.AUDITOR}),
    frozenset({Role.INGEST}),
    frozenset({Role.ADMINISTRATOR, Role.COMPLIANCE}),
    FIRST_PERSON,
)


@blueprint.get("/people")
@requires(Permission.PEOPLE_READ)
def index() -> Page:
    return _page(Form())


@blueprint.post("/people")
@requires(Permission.PEOPLE_MANAGE)
def add() -> Page:
    try:
        order = read_form(NewPerson)
        with writing() as tx:
            row, password = people.create_person(tx, name=order.name, email=order.email, roles=_roles(order.role))
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except Conflict as taken:
        return _page(typed_again({"email": str(taken)})), status_of(taken)[0]
    return _page(Form(), added=_secret_of(row, password))


@blueprint.post("/people/<person_id>/role")
@requires(Permission.PEOPLE_MANAGE)
def set_roles(person_id: str) -> Page:
    order = read_form(NewRoles)
    with writing() as tx:
        row = people.set_roles(tx, person_id, _roles(order.role))
    flash(_("%(name)s is now: %(roles)s.", name=row.name, roles=role_labels(row)), "ok")
    return redirect("/people", 303)


@blueprint.post("/people/<person_id>/disable")
@requires(Permission.PEOPLE_MANAGE)
def disable(person_id: str) -> Page:
    with writing() as tx:
        row = people.disable_person(tx, person_id)
    flash(_("%(name)s is disabled and signed out.", name=row.name), "ok")
    return redirect("/people", 303)


@blueprint.post("/people/<person_id>/enable")
@requires(Permission.PEOPLE_MANAGE)
def enable(person_id: str) -> Page:
    with writing() as tx:
        row, password = people.enable_person(tx, person_id)
    return _page(Form(), added=_secret_of(row, password))


@blueprint.post("/people/<person_id>/password")
@requires(Permission.PEOPLE_MANAGE)
def reset_password(person_id: str) -> Page:
    with writing() as tx:
        row, password = people.reset_password(tx, person_id)
    return _page(Form(), added=_secret_of(row, password))


def _page(form: Form, added: dict[str, str] | None = None) -> str:
    with reading() as tx:
        listed = _listed(tx)
    held = {frozenset(Role(name) for name in person["role"].split(",")) for person in listed}
    offered = [*OFFERED, *sorted(held - set(OFFERED), key=sorted)]
    return render_template(
        "people/index.html",
        may_change=caller().may(Permission.PEOPLE_MANAGE),
        people=listed,
        roles=[_choice(roles) for roles in offered],
        form=form,
        added=added,
    )


def _listed(tx: Tx) -> list[dict[str, Any]]:
    me, _session = signed_in_person()
    seen = people.last_sign_ins(tx)
    still_open = [session.person_id for session in sessions.list_sessions(tx)]
    return [
        {
            "id": row.id,
            "name": row.name,
            "email": row.email,
            "role": row.roles,
            "role_label": role_labels(row),
            "last_sign_in_at": seen.get(row.id),
            "disabled_at": row.disabled_at,
            "sessions": still_open.count(row.id),
            "is_you": row.id == me.id,
        }
        for row in people.list_people(tx)
    ]


def _choice(roles: frozenset[Role]) -> dict[str, str]:
    label = ", ".join(role_label(role) for role in Role if role in roles)
    about = {
        Role.COMPLIANCE: _(
            "Searches and reads texts, places holds, decides how long texts are kept, looks after the quarantine."
        ),
        Role.ADMINISTRATOR: _(
            "Adds people, keys and numbers, allows what a compliance officer asks for; reads no texts or search words."
        ),
        Role.AUDITOR: _("Sees everything, the words of searches too, and changes nothing."),
        Role.INGEST: _("Brings texts in, sees none."),
    }
    may = about[next(iter(roles))] if len(roles) == 1 else _("All that these roles may do.")
    return {"value": ",".join(sorted(roles)), "label": label, "may": may}


def _roles(value: str) -> frozenset[Role]:
    try:
        return frozenset(Role(name) for name in value.split(","))
    except ValueError:
        raise BadFields({"role": _("Choose a role.")}) from None


def _secret_of(row: PersonRow, password: str) -> dict[str, str]:
    return {"name": row.name, "email": row.email, "password": password}
