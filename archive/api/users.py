"""Who uses the organisation's numbers, for programs."""

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
from archive.numbers.history import held_by
from archive.users import importing
from archive.users.actions import add_user, change_user, found
from archive.users.holding import read, read_all
from archive.users.model import User
from archive.users.store import UserRow

blueprint = Blueprint("users", __name__)


class NewUser(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out is not known. `location`: its name. `primary_number`: one of the organisation's."""

    name: str
    email: str = ""
    location: str = ""
    primary_number: str = ""
    extension: str = ""


class UserPatch(msgspec.Struct):
    """What is left out stays as it is; an empty text forgets it."""

    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    location: str | UnsetType = UNSET
    primary_number: str | UnsetType = UNSET
    extension: str | UnsetType = UNSET


class UserBody(msgspec.Struct):
    """Texts are empty where nothing is known."""

    id: str
    name: str
    email: str
    location: str
    primary_number: str
    extension: str
    added_at: datetime


class UsersBody(msgspec.Struct):
    users: list[UserBody]


class HeldBody(msgspec.Struct):
    """A number that the user held from `since` until `until` (null: still)."""

    number: str
    since: datetime
    until: datetime | None


class UserHistoryBody(msgspec.Struct):
    """`held`: newest first."""

    user: UserBody
    held: list[HeldBody]


@blueprint.get("/users")
@requires(Permission.NUMBERS_READ)
@described("List the users of the organisation's numbers", UsersBody)
def index() -> Answer:
    with reading() as tx:
        return json_answer(UsersBody([_body(row, user) for row, user in read_all(tx)]))


@blueprint.post("/users")
@requires(Permission.NUMBERS_MANAGE)
@described("Add a user", UserBody, status=(201,), body=NewUser, problems=(409,))
def add() -> Answer:
    order = read_body(NewUser)
    with writing() as tx:
        row = add_user(tx, User(**_said(order)))
        return json_answer(_body(row, read(tx, row)), 201)


@blueprint.get("/users/<user_id>")
@requires(Permission.NUMBERS_READ)
@described("A user with the numbers that they hold and held", UserHistoryBody, problems=(404,))
def show(user_id: str) -> Answer:
    with reading() as tx:
        row = found(tx, user_id)
        held = [HeldBody(held.number.e164, held.since, held.until) for held in held_by(tx, row.id)]
        return json_answer(UserHistoryBody(_body(row, read(tx, row)), held))


@blueprint.patch("/users/<user_id>")
@requires(Permission.NUMBERS_MANAGE)
@described("Change what is known of a user", UserBody, body=UserPatch, problems=(404, 409))
def change(user_id: str) -> Answer:
    order = read_body(UserPatch)
    with writing() as tx:
        row = change_user(tx, user_id, **_said(order))
        return json_answer(_body(row, read(tx, row)))


@blueprint.post("/users/import")
@requires(Permission.NUMBERS_MANAGE)
@described("Add and change users from a table", FatesBody, query=TableQuery, more_bodies={CSV: str}, problems=(413,))
def import_() -> Answer:
    return take_body(importing.read_table, importing.take_table)


def _said(order: msgspec.Struct) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(order).items() if value is not UNSET}


def _body(row: UserRow, user: User) -> UserBody:
    return UserBody(row.id, user.name, user.email, user.location, user.primary_number, user.extension, row.added_at)
