"""Alerts: what a person has to look at."""

import click
import msgspec

from archive.alerts.actions import close_alert, list_alerts
from archive.cli.shared import as_json, opened, org_option, organisation, print_json
from archive.core.actor import OPERATOR


@click.group()
def alert() -> None:
    """What providers say that contradicts what the archive holds, or happens too often."""


@alert.command("list")
@click.option("--closed", is_flag=True, help="List those that are closed instead.")
@org_option
@as_json
def list_(closed: bool, org: str | None, as_json: bool) -> None:
    """List the alerts that are open, newest first. Exit code 1 if there are any, so that a monitor may call it."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = list_alerts(tx, closed=closed)
    if as_json:
        print_json(msgspec.to_builtins(found))
    else:
        for one in found:
            click.echo(f"{one.id}  {one.day}  {one.cause.kind:20}  {one.cause.about}  {one.count:,} times")
    if found and not closed:
        raise SystemExit(1)


@alert.command("close")
@click.argument("alert_id")
@click.option("--reason", required=True, metavar="WHY", help="What was found and done. Sealed.")
@org_option
def close(alert_id: str, reason: str, org: str | None) -> None:
    """Close ALERT_ID, since somebody has looked at it."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            close_alert(tx, alert_id, reason)
    click.echo("It is closed.")
