"""Whether the organisation may text."""

from dataclasses import asdict

import click

from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core.actor import OPERATOR
from archive.eligibility.actions import enter_facts, facts_of
from archive.eligibility.model import CallingPlan, Facts, Plan, judge
from archive.numbers.eligible import Overall, overall


@click.command("eligibility")
@click.option("--add-on", type=click.Choice(["yes", "no"]), help="Whether the Business Texting add-on is bought.")
@click.option("--plan", type=click.Choice([plan.value for plan in Plan]), help="Which kind of customer it is.")
@click.option(
    "--calling-plan",
    type=click.Choice([country.value for country in CallingPlan]),
    help="Where the provider's calling plan is.",
)
@org_option
@as_json
def eligibility(add_on: str | None, plan: str | None, calling_plan: str | None, org: str | None, as_json: bool) -> None:
    """Show where the organisation stands with the provider's conditions; with options, enter what is so."""
    with opened() as archive:
        row = organisation(archive, org)
        if add_on or plan or calling_plan:
            with archive.transactions.write(row.id, OPERATOR) as tx:
                enter_facts(tx, _with(facts_of(tx), add_on, plan, calling_plan))
        with archive.transactions.read(row.id, OPERATOR) as tx:
            facts, of_numbers = facts_of(tx), overall(tx)
    _show(facts, of_numbers, as_json)


def _with(known: Facts, add_on: str | None, plan: str | None, calling_plan: str | None) -> Facts:
    return Facts(
        add_on == "yes" if add_on else known.add_on,
        Plan(plan) if plan else known.plan,
        CallingPlan(calling_plan) if calling_plan else known.calling_plan,
    )


def _show(facts: Facts, of_numbers: list[Overall], as_json: bool) -> None:
    findings = judge(facts)
    if as_json:
        print_json(
            {
                "facts": asdict(facts),
                "rules": [asdict(finding) for finding in findings],
                "of_numbers": [asdict(each) for each in of_numbers],
            }
        )
        return
    for finding in findings:
        click.echo(f"{finding.standing:7} {finding.rule:13} {finding.because} {finding.next_step}".rstrip())
    for each in of_numbers:
        click.echo(f"{each.standing:7} {each.rule:13} Asked of each of the {each.numbers:,} numbers.")
        for subject in each.subjects:
            finding = subject.finding
            words = visible(f"{finding.because} {finding.next_step}")
            click.echo(f"  {finding.standing:7} {subject.numbers:6,} of them: {words}")
