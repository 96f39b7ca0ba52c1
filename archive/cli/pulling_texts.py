"""`textarchive pull twilio ACCOUNT` and its like: what a provider lists, fetched as far as it is not here."""

import sys
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput
from archive.providers.credentials import reader_of
from archive.pulling.model import Brought, Ended, Plan, Run, asked_for
from archive.pulling.running import Puller
from archive.wiring import Archive

since_option = click.option("--from", "since", metavar="DATE", help="First day (UTC) to list, as 2026-11-23.")
until_option = click.option("--to", "until", metavar="DATE", help="Last day (UTC) to list; today unless it is given.")


def texts_command(provider: str, name: str) -> click.Command:
    @click.command(provider, help=_help(name))
    @click.argument("account")
    @since_option
    @until_option
    @org_option
    @as_json
    def command(account: str, since: str | None, until: str | None, org: str | None, as_json: bool) -> None:
        pull_texts(provider, account, since, until, org, as_json)

    return command


def _help(name: str) -> str:
    return (
        f"Fetch what {name} lists of ACCOUNT and is not here yet: what came since the last run, or the days that are "
        "asked for. Its credentials are those of `textarchive provider reading`. Ends with 1 if not all of it came."
    )


def pull_texts(
    provider: str, account: str, since: str | None, until: str | None, org: str | None, as_json: bool
) -> None:
    with opened() as archive:
        row = organisation(archive, org)
        puller = Puller(archive, row.id, OPERATOR, progress=_Told())
        run = puller.run(provider, account, _wanted(archive, provider, since, until))
    print_json(_row(run)) if as_json else _show(run)
    if run.ended is Ended.FAILED:
        sys.exit(1)


class _Told:
    """A line on the error stream for each day of the list."""

    def __init__(self) -> None:
        self._day: date | None = None

    def __call__(self, _since: datetime, reached: datetime, until: datetime, brought: Brought) -> None:
        if reached.date() != self._day:
            self._day = reached.date()
            told = f"{self._day} of {until.date()}: {brought.new:,} new, {brought.duplicates:,} known"
            click.echo(told, err=True)


def _wanted(archive: Archive, provider: str, since: str | None, until: str | None) -> Plan | None:
    if since is None and until is None:
        return None
    return asked_for(_day(since), _day(until), archive.clock(), reader_of(provider).keeps)


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise BadInput(f"{written!r} is no date.", "Write it as 2026-11-23.") from None


def _show(run: Run) -> None:
    brought = run.brought
    click.echo(
        f"{run.ended}: {brought.new:,} new, {brought.duplicates:,} known already, {brought.reports:,} reports, "
        f"{brought.failures:,} in quarantine; listed from {rfc3339(run.since)} to {rfc3339(run.reached)}"
    )
    if run.why:
        click.echo(visible(f"{run.why} {run.next_step}".strip()))


def _row(run: Run) -> dict[str, Any]:
    whole = {**asdict(run), **asdict(run.brought)}
    whole.pop("brought")
    return {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in whole.items()}
