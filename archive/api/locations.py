"""The organisation's locations, for programs."""

from datetime import datetime
from typing import Any

import msgspec
from flask import Blueprint
from msgspec import UNSET, UnsetType

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.api.tables import CSV, FatesBody, TableQuery, take_body
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body
from archive.locations import importing, store
from archive.locations.actions import add_location, change_location, found
from archive.locations.model import Location, Pstn, key_of
from archive.locations.naming import read
from archive.locations.store import LocationRow
from archive.numbers.store import all_numbers, numbers_at

blueprint = Blueprint("locations", __name__)


class NewLocation(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out is not known. `region`: state or province. `country`: two letters, like US."""

    name: str
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    pstn: Pstn | None = None
    main_number: str = ""


class LocationPatch(msgspec.Struct):
    """What is left out stays as it is; an empty text, or null for `pstn`, forgets it."""

    name: str | UnsetType = UNSET
    street: str | UnsetType = UNSET
    city: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    postal_code: str | UnsetType = UNSET
    country: str | UnsetType = UNSET
    pstn: Pstn | UnsetType | None = UNSET
    main_number: str | UnsetType = UNSET


class LocationBody(msgspec.Struct):
    """Texts are empty where nothing is known. `numbers`: those that are there, E.164."""

    id: str
    name: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    pstn: Pstn | None
    main_number: str
    added_at: datetime
    numbers: list[str]


class LocationsBody(msgspec.Struct):
    locations: list[LocationBody]


@blueprint.get("/locations")
@requires(Permission.NUMBERS_READ)
@described("List the organisation's locations", LocationsBody)
def index() -> Answer:
    with reading() as tx:
        there: dict[str, list[str]] = {}
        for number in all_numbers(tx):
            there.setdefault(key_of(number.location), []).append(number.e164)
        rows = store.all_locations(tx)
    return json_answer(LocationsBody([_body(row, there.get(key_of(row.name), [])) for row in rows]))


@blueprint.post("/locations")
@requires(Permission.NUMBERS_MANAGE)
@described("Add a location", LocationBody, status=(201,), body=NewLocation, problems=(409,))
def add() -> Answer:
    order = read_body(NewLocation)
    with writing() as tx:
        return json_answer(_body(add_location(tx, Location(**_said(order))), []), 201)


@blueprint.get("/locations/<location_id>")
@requires(Permission.NUMBERS_READ)
@described("A location with its numbers", LocationBody, problems=(404,))
def show(location_id: str) -> Answer:
    with reading() as tx:
        row = found(tx, location_id)
        return json_answer(_body(row, numbers_at(tx, row.name)))


@blueprint.patch("/locations/<location_id>")
@requires(Permission.NUMBERS_MANAGE)
@described("Change what is known of a location", LocationBody, body=LocationPatch, problems=(404, 409))
def change(location_id: str) -> Answer:
    order = read_body(LocationPatch)
    with writing() as tx:
        row = change_location(tx, location_id, **_said(order))
        return json_answer(_body(row, numbers_at(tx, row.name)))


@blueprint.post("/locations/import")
@requires(Permission.NUMBERS_MANAGE)
@described(
    "Add and change locations from a table",
    FatesBody,
    query=TableQuery,
    more_bodies={CSV: str},
    problems=(413,),
)
def import_() -> Answer:
    return take_body(importing.read_table, importing.take_table)


def _said(order: msgspec.Struct) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(order).items() if value is not UNSET}


def _body(row: LocationRow, numbers: list[str]) -> LocationBody:
    details = msgspec.structs.asdict(msgspec.convert(read(row), NewLocation, from_attributes=True))
    return LocationBody(id=row.id, added_at=row.added_at, numbers=numbers, **details)
