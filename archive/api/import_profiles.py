"""Profiles of tables for programs: which column is which field."""

from datetime import datetime

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body
from archive.intake.files.model import Mapping
from archive.intake.profiles import actions
from archive.intake.profiles.model import Profile

blueprint = Blueprint("import_profiles", __name__)


class ProfileBody(msgspec.Struct):
    """`id` and the times are null of a profile that comes with the archive."""

    id: str | None
    name: str
    mapping: Mapping
    created_at: datetime | None
    changed_at: datetime | None


class ProfilesBody(msgspec.Struct):
    profiles: list[ProfileBody]


class NewProfile(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    mapping: Mapping


class NewName(msgspec.Struct, forbid_unknown_fields=True):
    name: str


class Removed(msgspec.Struct):
    removed: bool


@blueprint.get("/import-profiles")
@requires(Permission.QUARANTINE_READ)
@described("List the profiles of tables", ProfilesBody)
def profiles() -> Answer:
    with reading() as tx:
        return json_answer(ProfilesBody([_profile(one) for one in actions.list_profiles(tx)]))


@blueprint.post("/import-profiles")
@requires(Permission.MESSAGES_WRITE)
@described("Keep which column of a table is which field", ProfileBody, status=(201,), body=NewProfile, problems=(409,))
def save_profile() -> Answer:
    order = read_body(NewProfile)
    with writing() as tx:
        made = actions.save_profile(tx, order.name, order.mapping)
    return json_answer(_profile(made), 201)


@blueprint.post("/import-profiles/<profile_id>")
@requires(Permission.MESSAGES_WRITE)
@described("Rename a profile", ProfileBody, body=NewName, problems=(404, 409))
def rename_profile(profile_id: str) -> Answer:
    name = read_body(NewName).name
    with writing() as tx:
        renamed = actions.rename_profile(tx, profile_id, name)
    return json_answer(_profile(renamed))


@blueprint.delete("/import-profiles/<profile_id>")
@requires(Permission.MESSAGES_WRITE)
@described("Remove a profile; what was imported with it stays", Removed, problems=(404,))
def remove_profile(profile_id: str) -> Answer:
    with writing() as tx:
        actions.remove_profile(tx, profile_id)
    return json_answer(Removed(True))


def _profile(one: Profile) -> ProfileBody:
    return ProfileBody(one.id, one.name, one.mapping, one.created_at, one.changed_at)
