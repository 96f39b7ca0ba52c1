"""Accounts at providers, for programs. A secret goes in and never comes out."""

from datetime import datetime

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.current import current_archive, reading, writing
from archive.http.forms import read_body
from archive.providers import accounts
from archive.providers.accounts import Account

blueprint = Blueprint("provider_accounts", __name__)


class AccountBody(msgspec.Struct):
    """`webhook`: the address to enter at the provider. `both_until`: two secrets are valid until then.

    `rejected`: how often something came whose signature was missing or wrong. `this_hour`, `hour_before`: how much was
    accepted since the hour (UTC) began, and in the one before.
    """

    provider: str
    account: str
    webhook: str
    connected_at: datetime
    changed_at: datetime
    both_until: datetime | None
    accepted: int
    accepted_at: datetime | None
    rejected: int
    rejected_at: datetime | None
    this_hour: int
    hour_before: int


class AccountsBody(msgspec.Struct):
    accounts: list[AccountBody]


class NewAccount(msgspec.Struct, forbid_unknown_fields=True):
    """`account`: the id by which the provider knows it. `secret`: what it signs with."""

    provider: str
    account: str
    secret: str


class NewSecret(msgspec.Struct):
    """The one before stays valid for a week; without a secret it ends now."""

    secret: str | None = None


class Ended(msgspec.Struct):
    ended: bool


@blueprint.get("/provider-accounts")
@requires(Permission.PROVIDERS_READ)
@described("List the connected provider accounts", AccountsBody)
def index() -> Answer:
    with reading() as tx:
        return json_answer(AccountsBody([_body(one) for one in accounts.list_accounts(tx)]))


@blueprint.post("/provider-accounts")
@requires(Permission.PROVIDERS_MANAGE)
@described("Connect a provider account", AccountBody, status=(201,), body=NewAccount, problems=(409,))
def connect() -> Answer:
    order = read_body(NewAccount)
    with writing() as tx:
        made = accounts.connect(tx, order.provider, order.account, order.secret)
    return json_answer(_body(made), 201)


@blueprint.post("/provider-accounts/<provider>/<account>/secret")
@requires(Permission.PROVIDERS_MANAGE)
@described("Change the secret of a provider account", AccountBody, body=NewSecret, problems=(404,))
def change_secret(provider: str, account: str) -> Answer:
    secret = read_body(NewSecret).secret
    with writing() as tx:
        if secret is None:
            changed = accounts.end_secret_before(tx, provider, account)
        else:
            changed = accounts.change_secret(tx, provider, account, secret)
    return json_answer(_body(changed))


@blueprint.delete("/provider-accounts/<provider>/<account>")
@requires(Permission.PROVIDERS_MANAGE)
@described("End a provider account: its webhook is closed", Ended, problems=(404,))
def end(provider: str, account: str) -> Answer:
    with writing() as tx:
        accounts.end_account(tx, provider, account)
    return json_answer(Ended(True))


def _body(one: Account) -> AccountBody:
    return AccountBody(
        provider=one.provider,
        account=one.account,
        webhook=current_archive().settings.public_url + one.hook,
        connected_at=one.connected_at,
        changed_at=one.changed_at,
        both_until=one.both_until,
        accepted=one.accepted,
        accepted_at=one.accepted_at,
        rejected=one.rejected,
        rejected_at=one.rejected_at,
        this_hour=one.this_hour,
        hour_before=one.hour_before,
    )
