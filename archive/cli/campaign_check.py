"""What reviewers would reject, of a campaign that is here or of a file."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from archive.campaigns.checking import check_campaign
from archive.campaigns.readiness.checking import check as check_fields
from archive.campaigns.readiness.checking import submission_of
from archive.campaigns.readiness.finding import Finding
from archive.cli.brands import read_object
from archive.cli.campaign_naming import campaign_named
from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core.actor import OPERATOR


@click.command("check")
@click.argument("name", metavar="CAMPAIGN|FILE.json")
@org_option
@as_json
def check(name: str, org: str | None, as_json: bool) -> None:
    """Find what reviewers would reject, of CAMPAIGN or of a FILE.json with its fields (and its brand's under `brand`).

    A file is checked without an archive. Ends with 1 if something is wrong; warnings don't count.
    """
    if name.endswith(".json"):
        findings = check_fields(submission_of(read_object(Path(name))))
    else:
        with opened() as archive:
            row = organisation(archive, org)
            with archive.transactions.read(row.id, OPERATOR) as tx:
                findings = check_campaign(tx, campaign_named(tx, name))
    if as_json:
        print_json([asdict(one) for one in findings])
    else:
        _show_findings(findings)
    sys.exit(1 if any(not one.warning for one in findings) else 0)


def _show_findings(findings: list[Finding]) -> None:
    for one in findings:
        again = " It can't be submitted again." if one.code.resubmittable is False else ""
        click.echo(
            f"{'warning' if one.warning else 'fault  '}  {one.field}: {visible(one.because)} {visible(one.change)}"
        )
        click.echo(f"         {one.code}: {one.code.title}.{again}")
    if not findings:
        click.echo("Nothing that reviewers would reject was found.")
