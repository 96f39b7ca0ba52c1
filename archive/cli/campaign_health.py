"""How a campaign fared, at the command line."""

import click

from archive.campaign_health.model import Health
from archive.campaign_health.reading import health_of
from archive.cli.campaign_naming import campaign_argument, campaign_named
from archive.cli.shared import as_json, opened, org_option, organisation, print_json
from archive.core.actor import OPERATOR

COUNTED = ("sent", "received", "at_fault", "opt_outs", "complaints")


@click.command("health")
@campaign_argument
@org_option
@as_json
def health(name: str, org: str | None, as_json: bool) -> None:
    """Show how CAMPAIGN fared in the last thirty days: volume, what was blocked and why, opt-outs, complaints."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = health_of(tx, campaign_named(tx, name))
    if as_json:
        print_json(_data(found))
    else:
        _show(found)


def _show(found: Health) -> None:
    for what in COUNTED:
        click.echo(f"{what.replace('_', ' '):12}{found.total(what):>9,}")
    share = found.blocked_share
    click.echo(f"{'blocked':12}{'not known' if share is None else f'{share:.1%}':>9}")
    for why, count in {**found.categories, **found.flags}.items():
        click.echo(f"  {why:28}{count:>9,}")
    for mark in found.marks:
        click.echo(f"{mark.on}  {'; '.join(mark.what)}")


def _data(found: Health) -> dict[str, object]:
    return {
        "days": [{"on": str(day.on), **{what: getattr(day, what) for what in COUNTED}} for day in found.days],
        "changes": [{"on": str(mark.on), "what": list(mark.what)} for mark in found.marks],
        "flags": dict(found.flags),
        "outcomes": {one.value: count for one, count in found.outcomes.items()},
        "categories": dict(found.categories),
        "blocked_share": found.blocked_share,
    }
