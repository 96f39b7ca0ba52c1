"""Reading what providers list: credentials, fetching now, and how the last run went."""

from datetime import date
from typing import Annotated

import msgspec
from flask import Blueprint, flash, redirect
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import writing
from archive.http.forms import read_form
from archive.http.translation import _
from archive.providers import credentials
from archive.providers.credentials import grant
from archive.pulling.turns import ask_now, plan_of

blueprint = Blueprint("provider_lists", __name__)

PAGE = "/providers"
HERE = f"{PAGE}/<provider>/<account>/reading"
Secret = Annotated[str, Meta(max_length=credentials.LONGEST)]


class Given(msgspec.Struct):
    """Of all providers; which of them one needs, its reader knows. None is ever sent back."""

    key_sid: Secret = msgspec.field(name="password_key_sid", default="")
    secret: Secret = msgspec.field(name="password_secret", default="")
    key: Secret = msgspec.field(name="password_key", default="")
    profile_id: Secret = msgspec.field(name="password_profile_id", default="")
    account_id: Secret = msgspec.field(name="password_account_id", default="")
    user: Secret = msgspec.field(name="password_user", default="")
    password: Secret = msgspec.field(name="password_password", default="")
    client_id: Secret = msgspec.field(name="password_client_id", default="")
    client_secret: Secret = msgspec.field(name="password_client_secret", default="")
    refresh_token: Secret = msgspec.field(name="password_refresh_token", default="")


class Days(msgspec.Struct):
    """Days of UTC, both included; without either, what is due is listed."""

    since: Annotated[date | None, Meta(description="Give a day as 2026-11-23.")] = None
    until: Annotated[date | None, Meta(description="Give a day as 2026-11-23.")] = None


@blueprint.post(HERE)
@requires(Permission.PROVIDERS_MANAGE)
def give(provider: str, account: str) -> Response:
    try:
        given = msgspec.structs.asdict(read_form(Given))
        with writing() as tx:
            grant(tx, provider, account, {name: value for name, value in given.items() if value})
            ask_now(tx, provider, account)
    except BadInput as bad:
        flash(str(bad), "bad")
    else:
        flash(_("The credentials are kept. The last seven days are fetched within two minutes."), "ok")
    return redirect(PAGE, 303)


@blueprint.post(f"{HERE}/end")
@requires(Permission.PROVIDERS_MANAGE)
def end(provider: str, account: str) -> Response:
    try:
        with writing() as tx:
            credentials.end_reading(tx, provider, account)
    except BadInput as bad:
        flash(str(bad), "bad")
    else:
        flash(_("The credentials are forgotten. What was fetched with them stays."), "ok")
    return redirect(PAGE, 303)


@blueprint.post(f"{HERE}/now")
@requires(Permission.PROVIDERS_MANAGE)
def now(provider: str, account: str) -> Response:
    try:
        days = read_form(Days)
        with writing() as tx:
            ask_now(tx, provider, account, plan_of(tx, provider, account, days.since, days.until))
    except (BadInput, Conflict) as bad:
        flash(str(bad), "bad")
    else:
        flash(_("It is fetched within two minutes. Come back to this page to see what came of it."), "ok")
    return redirect(PAGE, 303)


def secret_label(name: str) -> str:
    labels = {
        "key_sid": _("API key SID"),
        "secret": _("Auth token, or the API key's secret"),
        "key": _("API key"),
        "profile_id": _("Messaging profile ID"),
        "account_id": _("Account ID"),
        "user": _("User name"),
        "password": _("Password"),
        "client_id": _("Client ID"),
        "client_secret": _("Client secret"),
        "refresh_token": _("Refresh token"),
    }
    return labels.get(name, name)
