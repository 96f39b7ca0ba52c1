"""API keys: what programs sign in with."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access import api_keys, people
from archive.access.api_keys import ANY_SCOPE, ApiKeyRow
from archive.access.roles import EVERYTHING, Permission
from archive.core.clock import DAY, MICROSECOND
from archive.core.errors import BadInput
from archive.http.access import requires
from archive.http.current import caller, key_door, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.tx import Tx

blueprint = Blueprint("keys", __name__)

Page = str | Response | tuple[str, int]


class NewKey(msgspec.Struct):
    name: Annotated[str, Meta(max_length=api_keys.NAME_LENGTH, description="Name the program that will use it.")]
    scope: Annotated[list[str], Meta(min_length=1, description="Choose at least one.")]
    expires_on: Annotated[date | None, Meta(description="Choose a day, or leave this empty.")] = None


@blueprint.get("/keys")
@requires(Permission.KEYS_READ)
def index() -> Page:
    return _page(Form())


@blueprint.post("/keys")
@requires(Permission.KEYS_MANAGE)
def make() -> Page:
    try:
        order = read_form(NewKey)
        with writing() as tx:
            row, text = api_keys.make_key(
                tx,
                name=order.name,
                scopes=order.scope,
                expires_at=_end_of(order.expires_on) if order.expires_on else None,
                grantor=caller().permissions,
            )
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except BadInput as bad:
        return _page(typed_again({"expires_on": str(bad)})), status_of(bad)[0]
    return _page(Form(), made={"name": row.name, "key": text})


@blueprint.post("/keys/<key_id>/revoke")
@requires(Permission.KEYS_MANAGE)
def revoke(key_id: str) -> Page:
    with writing() as tx:
        row = api_keys.revoke_key(tx, key_id)
    key_door().forget(row.key_hash)
    flash(_("The key “%(name)s” is revoked.", name=row.name), "ok")
    return redirect("/keys", 303)


def _page(form: Form, made: dict[str, str] | None = None) -> str:
    with reading() as tx:
        listed = _listed(tx)
    return render_template(
        "keys/index.html",
        may_change=caller().may(Permission.KEYS_MANAGE),
        keys=listed,
        scopes=_offered(),
        form=form,
        chosen=set(request.form.getlist("scope")) if form.errors else set(),
        made=made,
    )


def _listed(tx: Tx) -> list[dict[str, Any]]:
    used = api_keys.last_uses(tx)
    names = {f"person:{row.id}": row.name for row in people.list_people(tx)}
    return [
        {
            "id": row.id,
            "name": row.name,
            "prefix": row.prefix,
            "scopes": [_label(scope) for scope in row.scopes.split(",")],
            "created_at": row.created_at,
            "created_by": names.get(row.created_by, _("the operator")),
            "expires_at": row.expires_at and row.expires_at - MICROSECOND,  # Shown as the last day that it works.
            "last_used_at": used.get(row.id),
            "state": _state(row, tx.now),
            "ended_at": row.revoked_at,
        }
        for row in api_keys.list_keys(tx)
    ]


def _state(row: ApiKeyRow, now: datetime) -> str:
    if row.revoked_at:
        return "revoked"
    return "expired" if row.is_expired(now) else "active"


def _offered() -> list[dict[str, str]]:
    """Nobody can give a key more than they may do themselves."""
    mine = caller().permissions
    scopes: list[str] = [scope for scope in Permission if scope in mine]
    if mine == EVERYTHING:
        scopes.append(ANY_SCOPE)
    return [{"value": scope, "label": _label(scope), "may": "" if scope == ANY_SCOPE else scope} for scope in scopes]


def _label(scope: str) -> str:
    return {
        Permission.MESSAGES_WRITE: _("Bring texts in"),
        Permission.MESSAGES_SEARCH: _("Search texts"),
        Permission.MESSAGES_READ: _("Read texts"),
        Permission.SPAM_REPORT: _("Hand in spam reports"),
        Permission.SPAM_READ: _("Read spam reports"),
        Permission.SPAM_MANAGE: _("Decide about spam reports"),
        Permission.QUARANTINE_READ: _("See the quarantine"),
        Permission.QUARANTINE_RETRY: _("Retry what is in quarantine"),
        Permission.HOLDS_READ: _("See matters and holds"),
        Permission.HOLDS_PLACE: _("Place holds, and ask for their release"),
        Permission.HOLDS_RELEASE: _("Allow the release of holds (people only)"),
        Permission.OPTOUTS_READ: _("See opt-outs"),
        Permission.OPTOUTS_MANAGE: _("Add, withdraw and decide about opt-outs"),
        Permission.RETENTION_READ: _("See how long texts are kept, and why"),
        Permission.RETENTION_MANAGE: _("Keep texts longer, propose to keep them less long"),
        Permission.RETENTION_APPROVE: _("Allow shorter retention (people only)"),
        Permission.NUMBERS_READ: _("See numbers"),
        Permission.NUMBERS_MANAGE: _("Change numbers"),
        Permission.LETTERS_READ: _("See Letters of Authorization"),
        Permission.LETTERS_MANAGE: _("Revoke Letters of Authorization, and enter those on paper"),
        Permission.CAMPAIGNS_READ: _("See brands and campaigns"),
        Permission.CAMPAIGNS_MANAGE: _("Change brands and campaigns"),
        Permission.PROVIDERS_READ: _("See provider accounts"),
        Permission.PROVIDERS_MANAGE: _("Connect provider accounts"),
        Permission.AUDIT_READ: _("See the audit trail"),
        Permission.AUDIT_DETAILS: _("See search words and names in the audit trail"),
        Permission.INTEGRITY_READ: _("Fetch checkpoints and proofs"),
        Permission.HEALTH_READ: _("See jobs and health, and fetch metrics"),
        Permission.PEOPLE_READ: _("See people"),
        Permission.PEOPLE_MANAGE: _("Change people"),
        Permission.KEYS_READ: _("See API keys"),
        Permission.KEYS_MANAGE: _("Change API keys"),
        ANY_SCOPE: _("Everything"),
    }[scope]


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + DAY
