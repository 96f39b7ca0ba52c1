"""Accounts at providers. A secret is asked for and never shown."""

import dataclasses
import sys
from datetime import datetime
from typing import Any

import click
import msgspec

from archive.cli.shared import as_json, opened, org_option, organisation, print_json
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput
from archive.providers import accounts
from archive.providers.accounts import Account
from archive.providers.credentials import end_reading, grant
from archive.providers.listed.model import READERS
from archive.providers.model import DOORS

provider_argument = click.argument("provider", type=click.Choice(list(DOORS)))
account_argument = click.argument("account")


@click.group()
def provider() -> None:
    """Accounts whose webhooks may send to this archive."""


@provider.command("connect")
@provider_argument
@account_argument
@org_option
@as_json
def connect(provider: str, account: str, org: str | None, as_json: bool) -> None:
    """Connect ACCOUNT at PROVIDER; asks for the secret that it signs with, and prints the webhook's address."""
    secret = _asked()
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            made = accounts.connect(tx, provider, account, secret)
        _show([made], archive.settings.public_url, as_json)


@provider.command("secret")
@provider_argument
@account_argument
@click.option("--end-before", is_flag=True, help="Change nothing, but let only the newest secret be valid.")
@org_option
@as_json
def secret(provider: str, account: str, end_before: bool, org: str | None, as_json: bool) -> None:
    """Change the secret of ACCOUNT; the one before is valid for another week."""
    new = None if end_before else _asked()
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            if new is None:
                changed = accounts.end_secret_before(tx, provider, account)
            else:
                changed = accounts.change_secret(tx, provider, account, new)
        _show([changed], archive.settings.public_url, as_json)


@provider.command("end")
@provider_argument
@account_argument
@org_option
def end(provider: str, account: str, org: str | None) -> None:
    """Close the webhook of ACCOUNT. What came in by it stays."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            accounts.end_account(tx, provider, account)
    click.echo("The account is ended.")


@provider.command("reading")
@click.argument("provider", type=click.Choice(list(READERS)))
@account_argument
@click.option("--end", "ends", is_flag=True, help="Forget the credentials.")
@org_option
def reading(provider: str, account: str, ends: bool, org: str | None) -> None:
    """Give the credentials by which the archive reads what PROVIDER lists of ACCOUNT; asks for each of them.

    From a pipe they are read as JSON: {"key": "…"}.
    """
    given = {} if ends else _given(provider)
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            end_reading(tx, provider, account) if ends else grant(tx, provider, account, given)
    click.echo("The credentials are forgotten." if ends else "The credentials are kept, sealed.")


@provider.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the connected accounts, with what came in and what was refused."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = accounts.list_accounts(tx)
        _show(found, archive.settings.public_url, as_json)


def _asked() -> str:
    """From the terminal without showing it, or from the pipe."""
    answer: str = click.prompt("Secret", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    return answer.strip()


def _given(provider: str) -> dict[str, str]:
    secrets = READERS[provider].secrets
    if sys.stdin.isatty():
        return {
            one.name: click.prompt(one.name, hide_input=True, default="" if one.may_lack else None) for one in secrets
        }
    try:
        return msgspec.json.decode(sys.stdin.readline(), type=dict[str, str])
    except msgspec.DecodeError:
        raise BadInput("This is no JSON of names and values.", "Names: " + ", ".join(x.name for x in secrets)) from None


def _show(found: list[Account], public_url: str, as_json: bool) -> None:
    if as_json:
        print_json([{**_data(one), "webhook": public_url + one.hook} for one in found])
        return
    for one in found:
        click.echo(f"{one.provider} {one.account}  {public_url}{one.hook}")
        click.echo(f"  taken in {one.accepted:,}, refused {one.rejected:,}")
        click.echo(f"  {one.this_hour:,} in this hour, {one.hour_before:,} in the hour before")
        if one.both_until:
            click.echo(f"  the secret before is valid until {rfc3339(one.both_until)}")


def _data(one: Account) -> dict[str, Any]:
    return {name: _plain(value) for name, value in dataclasses.asdict(one).items() if name != "hook"}


def _plain(value: Any) -> Any:
    return rfc3339(value) if isinstance(value, datetime) else value
