"""The support case of a campaign, with its clock."""

import json

import click
import msgspec

from archive.campaigns.cases import actions as cases
from archive.campaigns.cases.actions import Case
from archive.campaigns.cases.model import CaseState, Urgency
from archive.cli.campaign_naming import campaign_argument, campaign_named
from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import NotFound


@click.command("case")
@campaign_argument
@click.option("--open", "opening", is_flag=True, help="Open a case.")
@click.option("--state", type=click.Choice([state.value for state in CaseState]), help="What it is from now on.")
@click.option("--note", default="", metavar="TEXT", help="Kept with it. Sealed.")
@click.option("--reference", metavar="NUMBER", help="The provider's number of it.")
@org_option
@as_json
def case(
    name: str, opening: bool, state: str | None, note: str, reference: str | None, org: str | None, as_json: bool
) -> None:
    """Show the support case of CAMPAIGN with its clock; open one, or note what became of it."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            found = campaign_named(tx, name)
            if opening:
                cases.open_case(tx, found, note)
            elif state or note or reference:
                newest = next(iter(cases.cases_of(tx, found)), None)
                if newest is None:
                    raise NotFound("The campaign has no support case.", "Open one with --open.")
                wanted = CaseState(state) if state else None
                cases.change_case(tx, newest.id, state=wanted, note=note, reference=reference)
            tx.session.flush()
            _show_cases(cases.cases_of(tx, found), as_json)


def _show_cases(found: list[Case], as_json: bool) -> None:
    if as_json:
        print_json(json.loads(msgspec.json.encode(found)))
        return
    for one in found:
        click.echo(f"{one.id}  {one.state}  {visible(one.reference)}".rstrip())
        if one.due:
            click.echo(
                f"  {'LATE since' if one.urgency is Urgency.LATE else 'due'} {rfc3339(one.due.at)}: {one.due.what}"
            )
        for step in one.steps:
            click.echo(f"  {rfc3339(step.at)}  {step.state}  {visible(step.note)}".rstrip())
