"""Profiles of tables: which column is which field."""

from typing import Annotated

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.intake.files.csv_mapping import CONSTANT, FIELDS
from archive.intake.files.model import Mapping
from archive.intake.profiles import actions
from archive.intake.profiles.model import NAME_LENGTH

blueprint = Blueprint("import_profiles", __name__)

Page = str | Response | tuple[str, int]

HERE = "/imports/profiles"
DATE_FORMATS = ("%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S")

Name = Annotated[str, Meta(max_length=NAME_LENGTH, description="A name has up to 60 characters.")]
Text = Annotated[str, Meta(max_length=200)]


class NewProfile(msgspec.Struct):
    """Beside it `column_…` and `constant_…` for each field."""

    name: Name
    date_format: Text | None = None
    zone: Text | None = None
    inbound: Text = ""
    outbound: Text = ""


class NewName(msgspec.Struct):
    name: Name


@blueprint.get(HERE)
@requires(Permission.QUARANTINE_READ)
def index() -> Page:
    return _page(Form())


@blueprint.post(HERE)
@requires(Permission.MESSAGES_WRITE)
def save() -> Page:
    try:
        order = read_form(NewProfile)
        with writing() as tx:
            made = actions.save_profile(tx, order.name, _mapping(order))
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except (BadInput, Conflict) as bad:
        return _page(typed_again({"name": str(bad)})), status_of(bad)[0]
    flash(_("The profile “%(name)s” is kept. Choose it when you import a table.", name=made.name), "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/<profile_id>")
@requires(Permission.MESSAGES_WRITE)
def rename(profile_id: str) -> Page:
    try:
        order = read_form(NewName)
        with writing() as tx:
            actions.rename_profile(tx, profile_id, order.name)
    except (BadInput, Conflict) as bad:
        flash(str(bad), "bad")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/<profile_id>/remove")
@requires(Permission.MESSAGES_WRITE)
def remove(profile_id: str) -> Page:
    with writing() as tx:
        gone = actions.remove_profile(tx, profile_id)
    flash(_("The profile “%(name)s” is removed. What was imported with it stays.", name=gone.name), "ok")
    return redirect(HERE, 303)


def field_labels() -> dict[str, str]:
    return {
        "text": _("Text"),
        "from": _("Sender"),
        "to": _("Recipients"),
        "other": _("The other party"),
        "own": _("Our number"),
        "direction": _("Direction"),
        "sent_at": _("Time of sending"),
        "provider": _("Provider"),
        "account": _("Account at the provider"),
        "provider_id": _("The provider's ID"),
        "campaign": _("Campaign"),
        "status": _("Status"),
        "media": _("Addresses of pictures"),
    }


def _mapping(order: NewProfile) -> Mapping:
    said = {
        kind: {field: value for field in fields if (value := request.form.get(f"{kind}_{field}", "").strip())}
        for kind, fields in (("column", FIELDS), ("constant", CONSTANT))
    }
    words = [
        tuple(word.strip() for word in each.split(",") if word.strip()) for each in (order.inbound, order.outbound)
    ]
    return Mapping(said["column"], said["constant"], order.date_format or None, order.zone or None, *words)


def _page(form: Form) -> str:
    with reading() as tx:
        profiles = actions.list_profiles(tx)
    return render_template(
        "imports/profiles.html",
        may_change=caller().may(Permission.MESSAGES_WRITE),
        profiles=profiles,
        labels=field_labels(),
        constant=CONSTANT,
        date_formats=DATE_FORMATS,
        form=form,
    )
