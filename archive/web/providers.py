"""Accounts at providers: connecting one, the address of its webhook, what came in, changing its secret."""

from typing import Annotated

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.completeness.gap import Gap
from archive.completeness.reading import open_alarms
from archive.core.errors import BadInput, Conflict
from archive.deliveries.reading import missing_texts
from archive.http.access import requires
from archive.http.current import caller, current_archive, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.providers import accounts
from archive.providers.accounts import Account
from archive.providers.checking import Finding, look_into
from archive.providers.listed.model import READERS
from archive.providers.model import DOORS, SECRET_LENGTHS
from archive.pulling.reading import standings
from archive.web.deliveries import status_label
from archive.web.provider_lists import list_note, secret_label

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


@blueprint.post(f"{HERE}/<provider>/<account>/test")
@requires(Permission.PROVIDERS_READ)
def test(provider: str, account: str) -> Page:
    with reading() as tx:
        looked_into = look_into(accounts.read_account(tx, provider, account), current_archive().settings.public_url)
    for finding in looked_into:
        flash(finding_label(finding), "ok" if finding is Finding.WORKS else "warn")
    return redirect(HERE, 303)


def _gaps(found: list[Account], alarms: list[Gap]) -> dict[tuple[str, str], tuple[int, int]]:
    """Account → (gaps, texts that are missing); one of a number is its provider's, whichever account it is of."""
    of_account = {
        (one.provider, one.account): [
            gap.short.missing
            for gap in alarms
            if gap.short.cell.provider == one.provider and gap.short.cell.account in ("", one.account)
        ]
        for one in found
    }
    return {account: (len(missing), sum(missing)) for account, missing in of_account.items()}


def finding_label(finding: Finding) -> str:
    return {
        Finding.NOT_SAFE: _("The public address of this archive is not https. Most providers send to nothing else."),
        Finding.NOT_REACHABLE: _("The public address of this archive can't be reached from outside."),
        Finding.NOTHING_YET: _("Nothing has come in yet. Send a text to one of the account's numbers, and test again."),
        Finding.ONLY_REFUSED: _("All that came in was refused: the secret is wrong, or the address at the provider."),
        Finding.LAST_REFUSED: _("It works, but the last request was refused: another secret, or not the provider."),
        Finding.WORKS: _("It works: the last request was signed as it should be, and taken in."),
    }[finding]


def _page(form: Form) -> str:
    with reading() as tx:
        found, now = accounts.list_accounts(tx), tx.now
        missing, lists = missing_texts(tx), standings(tx, [(one.provider, one.account) for one in found])
        gaps = _gaps(found, open_alarms(tx))
    return render_template(
        "providers/index.html",
        accounts=found,
        missing=missing,
        gaps=gaps,
        lists=lists,
        secrets={name: reader.secrets for name, reader in READERS.items()},
        secret_label=secret_label,
        list_note=list_note,
        status_label=status_label,
        names={name: door.name for name, door in DOORS.items()},
        address=current_archive().settings.public_url,
        may_change=caller().may(Permission.PROVIDERS_MANAGE),
        now=now,
        form=form,
    )
