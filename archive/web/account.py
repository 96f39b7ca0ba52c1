"""One's own password and open sessions."""

from typing import Annotated

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access import sessions, sign_in
from archive.access.passwords import WrongPassword
from archive.core.errors import BadInput
from archive.http.access import signed_in
from archive.http.cookies import enter_with
from archive.http.current import current_archive, reading, signed_in_person, whence, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _

blueprint = Blueprint("account", __name__)

Page = str | Response | tuple[str, int]


class NewPassword(msgspec.Struct):
    password: Annotated[str, Meta(description="Type your present password.")]
    new_password: Annotated[str, Meta(description="Type the new password.")]
    new_password_again: Annotated[str, Meta(description="Type the new password once more.")]


@blueprint.get("/password")
@signed_in
def show() -> Page:
    return _page(Form())


@blueprint.post("/password")
@signed_in
def change() -> Page:
    person, _session = signed_in_person()
    try:
        order = read_form(NewPassword)
        if order.new_password != order.new_password_again:
            raise BadFields({"new_password_again": _("This is not the same.")})
        token = sign_in.replace_password(
            current_archive().transactions, person, old=order.password, new=order.new_password, whence=whence()
        )
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except BadInput as bad:
        name = "password" if isinstance(bad, WrongPassword) else "new_password"
        return _page(typed_again({name: str(bad)})), status_of(bad)[0]
    response = enter_with(redirect("/", 303), token)
    flash(_("Your password is changed, and all your other sessions are ended."), "ok")
    return response


@blueprint.post("/sessions/<session_id>/revoke")
@signed_in
def revoke(session_id: str) -> Page:
    person, _session = signed_in_person()
    with writing() as tx:
        sessions.revoke_session(tx, session_id, person_id=person.id)
    flash(_("The session is ended."), "ok")
    return redirect("/password", 303)


def _page(form: Form) -> str:
    person, present = signed_in_person()
    with reading() as tx:
        rows = sessions.list_sessions(tx, person.id)
    listed = [
        {
            "id": row.id,
            "begun_at": row.created_at,
            "seen_at": row.seen_at,
            "address": row.address,
            "agent": row.agent,
            "is_this": row.id == present.id,
        }
        for row in rows
    ]
    return render_template("account.html", form=form, must_change=person.must_change_password, sessions=listed)
