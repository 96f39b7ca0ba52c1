"""Accounts at providers: connecting one, the address of its webhook, what came in, changing its secret."""

from typing import Annotated

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import caller, current_archive, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.providers import accounts
from archive.providers.model import DOORS, SECRET_LENGTHS

blueprint = Blueprint("providers", __name__)

Page = str | Response | tuple[str, int]

HERE = "/providers"
Secret = Annotated[str, Meta(max_length=SECRET_LENGTHS[1], description="Paste what the provider signs with.")]


class NewAccount(msgspec.Struct):
    """The field of the secret is named so that it is never sent back."""

    provider: Annotated[str, Meta(max_length=40)]
    account: Annotated[str, Meta(max_length=100, description="The id by which the provider knows it.")]
    secret: Secret = msgspec.field(name="signing_password")


class NewSecret(msgspec.Struct):
    secret: Secret = msgspec.field(name="signing_password")


@blueprint.get(HERE)
@requires(Permission.PROVIDERS_READ)
def index() -> Page:
    return _page(Form())


@blueprint.post(HERE)
@requires(Permission.PROVIDERS_MANAGE)
def connect() -> Page:
    try:
        order = read_form(NewAccount)
        with writing() as tx:
            accounts.connect(tx, order.provider, order.account, order.secret)
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except (BadInput, Conflict) as bad:
        return _page(typed_again({"account": str(bad)})), status_of(bad)[0]
    flash(_("The account is connected. Enter the address of its webhook at the provider."), "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/<provider>/<account>/secret")
@requires(Permission.PROVIDERS_MANAGE)
def change_secret(provider: str, account: str) -> Page:
    try:
        order = read_form(NewSecret)
        with writing() as tx:
            accounts.change_secret(tx, provider, account, order.secret)
    except BadInput as bad:
        flash(str(bad), "bad")
    else:
        flash(_("The new secret is valid from now on, and the one before for another week."), "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/<provider>/<account>/secret/end")
@requires(Permission.PROVIDERS_MANAGE)
def end_secret(provider: str, account: str) -> Page:
    with writing() as tx:
        accounts.end_secret_before(tx, provider, account)
    flash(_("Only the newest secret is valid now."), "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/<provider>/<account>/end")
@requires(Permission.PROVIDERS_MANAGE)
def end(provider: str, account: str) -> Page:
    with writing() as tx:
        accounts.end_account(tx, provider, account)
    flash(_("The account is ended; its webhook is closed. What came in by it stays."), "ok")
    return redirect(HERE, 303)


def _page(form: Form) -> str:
    with reading() as tx:
        found, now = accounts.list_accounts(tx), tx.now
    return render_template(
        "providers/index.html",
        accounts=found,
        names={name: door.name for name, door in DOORS.items()},
        address=current_archive().settings.public_url,
        may_change=caller().may(Permission.PROVIDERS_MANAGE),
        now=now,
        form=form,
    )
