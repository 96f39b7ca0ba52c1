"""The organisation's locations, and the numbers that are there."""

from collections import Counter
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
from archive.locations import importing, store
from archive.locations.actions import add_location, change_location, found
from archive.locations.model import LONGEST, Location, Pstn, key_of
from archive.locations.naming import read
from archive.locations.store import LocationRow
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers, numbers_of
from archive.tx import Tx
from archive.web.number_states import state_label
from archive.web.tables import take_upload

blueprint = Blueprint("locations", __name__)

Page = str | Response | tuple[str, int]
Line = Annotated[
    str, Meta(max_length=LONGEST, pattern=r"^[^\x00-\x1f]*$", description="Up to 200 characters in one line.")
]


class Details(msgspec.Struct):
    """What is left empty is not known."""

    name: Annotated[
        str,
        Meta(max_length=LONGEST, pattern=r"^[^\x00-\x1f]*$", description="Give it a name of up to 200 characters."),
    ]
    street: Line = ""
    city: Line = ""
    region: Line = ""
    postal_code: Line = ""
    country: Line = ""
    pstn: Annotated[Pstn, Meta(description="Choose from the list.")] | None = None
    main_number: Line = ""


@blueprint.get("/locations")
@requires(Permission.NUMBERS_READ)
def index() -> Page:
    return _page(Form())


@blueprint.post("/locations")
@requires(Permission.NUMBERS_MANAGE)
def add() -> Page:
    try:
        order = read_form(Details)
        with writing() as tx:
            row = add_location(tx, Location(**msgspec.structs.asdict(order)))
    except (BadFields, BadDetail, Conflict) as bad:
        return _page(typed_again(_wrong(bad))), status_of(bad)[0]
    flash(_("%(name)s is added.", name=row.name), "ok")
    return redirect("/locations", 303)


@blueprint.get("/locations/<location_id>")
@requires(Permission.NUMBERS_READ)
def show(location_id: str) -> Page:
    return _location_page(location_id, None)


@blueprint.post("/locations/<location_id>")
@requires(Permission.NUMBERS_MANAGE)
def change(location_id: str) -> Page:
    try:
        order = read_form(Details)
        with writing() as tx:
            change_location(tx, location_id, **msgspec.structs.asdict(order))
    except (BadFields, BadDetail, Conflict) as bad:
        return _location_page(location_id, typed_again(_wrong(bad))), status_of(bad)[0]
    flash(_("The change is recorded."), "ok")
    return redirect(f"/locations/{location_id}", 303)


@blueprint.post("/locations/import")
@requires(Permission.NUMBERS_MANAGE)
def import_file() -> Page:
    return take_upload("locations", _("Import locations"), importing.read_table, importing.take_table)


def pstn_labels() -> dict[str, str]:
    return {
        Pstn.PROVIDER: _("the provider's own"),
        Pstn.LOCAL_GATEWAY: _("a gateway of ours"),
        Pstn.OTHER: _("another provider's"),
    }


def _wrong(bad: BadFields | BadDetail | Conflict) -> dict[str, str]:
    if isinstance(bad, BadFields):
        return bad.fields
    return {bad.field if isinstance(bad, BadDetail) else "name": str(bad)}


def _page(form: Form) -> str:
    with reading() as tx:
        rows = store.all_locations(tx)
        counts = Counter(key_of(number.location) for number in all_numbers(tx))
    return render_template(
        "locations/index.html",
        may_change=caller().may(Permission.NUMBERS_MANAGE),
        locations=[{**_shown(row), "numbers": counts[key_of(row.name)]} for row in rows],
        pstn_labels=pstn_labels(),
        form=form,
    )


def _location_page(location_id: str, form: Form | None) -> str:
    with reading() as tx:
        row = found(tx, location_id)
        numbers, former = numbers_of(tx, row.name), _former(tx, row)
    known = read(row)
    return render_template(
        "locations/show.html",
        may_change=caller().may(Permission.NUMBERS_MANAGE),
        location=_shown(row),
        numbers=[_number(number) for number in numbers],
        former=former,
        pstn_labels=pstn_labels(),
        form=form or Form({name: getattr(known, name) or "" for name in Details.__struct_fields__}),
    )


def _former(tx: Tx, row: LocationRow) -> list[str]:
    return sorted(store.keys_of(tx, row.id) - {key_of(row.name)})


def _shown(row: LocationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "address": ", ".join(
            part for part in (row.street, row.city, f"{row.region} {row.postal_code}".strip()) if part
        ),
        "country": row.country,
        "pstn_label": pstn_labels()[row.pstn] if row.pstn else None,
        "main_number": row.main_number,
    }


def _number(row: NumberRow) -> dict[str, Any]:
    state = NumberState(row.state)
    return {
        "id": row.id,
        "number": row.e164,
        "assigned_to": row.label or None,
        "user_id": row.user_id,
        "state": state.value,
        "state_label": state_label(state),
    }
