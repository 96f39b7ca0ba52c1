"""How long texts are kept: policies, and why one text is still here."""

from datetime import date
from typing import Any

import click

from archive.cli.shared import as_json, opened, org_option, organisation, print_json
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput
from archive.retention.changing import (
    Redating,
    approve_proposal,
    open_proposals,
    proposal_effect,
    propose,
    refuse_proposal,
    scope_of,
    set_policy,
)
from archive.retention.explaining import explain
from archive.retention.finding import bring_forward
from archive.retention.model import Policy, Scope
from archive.retention.period import PRESETS, Period
from archive.retention.policies import policies_in_force
from archive.retention.words import in_words

days_option = click.option("--days", type=int, help="Days of 86,400 seconds, 400 or more.")
years_option = click.option("--years", type=int, help="Years of the calendar, 2 or more.")
number_option = click.option("--number", help="Only for texts of this own number.")
campaign_option = click.option("--campaign", help="Only for texts of this campaign.")


@click.command()
@click.argument("serial", type=click.IntRange(1))
@org_option
@as_json
def why(serial: int, org: str | None, as_json: bool) -> None:
    """Say why a text is here, and when it will go: what the purge itself would decide."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = explain(tx, serial)
    verdict = found.verdict
    if not as_json:
        click.echo(in_words(found))
        return
    print_json(
        {
            "serial": serial,
            "why": in_words(found),
            "because": verdict.because,
            "may_go": verdict.may_go,
            "due_at": rfc3339(verdict.due_at),
            "until": rfc3339(verdict.until) if verdict.until else None,
            "due_on": found.due_on.isoformat() if found.due_on else None,
            "policy": verdict.policy.version,
            "period": str(verdict.policy.period),
            "anchor": verdict.anchor,
            "holds": [{"id": hold.id, "matter": hold.matter.name} for hold in found.holds],
        }
    )


@click.group()
def policy() -> None:
    """How long texts are kept. Longer takes one person, shorter takes two."""


@policy.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the policies in force, the proposals that wait, and usual periods with their sources."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            policies, waiting = policies_in_force(tx), open_proposals(tx)
            effects = {one.id: proposal_effect(tx, one.id) for one in waiting}
    if as_json:
        proposals = [
            {"id": one.id, "period": str(one.period), "scope": _scope(one.scope), **_effect_as_json(effects[one.id])}
            for one in waiting
        ]
        print_json({"policies": [_as_json(one) for one in policies], "proposals": proposals})
        return
    for one in policies:
        click.echo(f"version {one.version}: {one.period} for {_scope(one.scope)}")
    for proposal in waiting:
        click.echo(f"{proposal.id}: {proposal.period} for {_scope(proposal.scope)}. {_in_words(effects[proposal.id])}")
    for preset in PRESETS:
        click.echo(f"usual: {preset.period!s:9} {preset.source}")


@policy.command("set")
@days_option
@years_option
@number_option
@campaign_option
@org_option
@as_json
def set_(
    days: int | None, years: int | None, number: str | None, campaign: str | None, org: str | None, as_json: bool
) -> None:
    """Keep texts at least as long as now. What is here already is kept longer by it, too, at once."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            made = set_policy(tx, _asked_scope(number, campaign), _period(days, years))
    _show(made, as_json)


@policy.command("propose")
@days_option
@years_option
@number_option
@campaign_option
@click.option("--existing", is_flag=True, help="Texts that are here already are dated by it as well.")
@org_option
@as_json
def propose_(
    days: int | None,
    years: int | None,
    number: str | None,
    campaign: str | None,
    existing: bool,
    org: str | None,
    as_json: bool,
) -> None:
    """Propose to keep texts less long. Another person allows it, on the page or with `textarchive policy approve`."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            made, effect = propose(tx, _asked_scope(number, campaign), _period(days, years), existing=existing)
    if as_json:
        print_json({"id": made.id, "existing": existing, **_effect_as_json(effect)})
        return
    click.echo(f"{made.id} waits for a second person. {_in_words(effect)}")


@policy.command("approve")
@click.argument("proposal", metavar="PROPOSAL")
@click.option("--sooner", type=click.IntRange(0), required=True, metavar="N", help="How many texts go sooner by it.")
@org_option
@as_json
def approve(proposal: str, sooner: int, org: str | None, as_json: bool) -> None:
    """Allow what another person has proposed, and say how many texts go sooner by it."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            made = approve_proposal(tx, proposal, sooner)
        bring_forward(archive.transactions, row.id)
    _show(made, as_json)


@policy.command("refuse")
@click.argument("proposal", metavar="PROPOSAL")
@org_option
def refuse(proposal: str, org: str | None) -> None:
    """Refuse a proposal, or take it back."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            refuse_proposal(tx, proposal)
    click.echo(f"{proposal} is refused.")


def _period(days: int | None, years: int | None) -> Period:
    try:
        return Period(days, years)
    except ValueError as problem:
        raise BadInput(str(problem), "Give --days or --years, for example --years 3.") from None


def _asked_scope(number: str | None, campaign: str | None) -> Scope:
    return scope_of(phone.parse(number).address if number else None, campaign)


def _scope(scope: Scope) -> str:
    if scope.number:
        return phone.display(scope.number)
    return f"campaign {scope.campaign}" if scope.campaign else "everything"


def _as_json(one: Policy) -> dict[str, Any]:
    return {
        "version": one.version,
        "days": one.period.days,
        "years": one.period.years,
        "number": one.scope.number,
        "campaign": one.scope.campaign,
        "existing": one.existing,
        "since": rfc3339(one.since),
    }


def _effect_as_json(effect: Redating) -> dict[str, Any]:
    first: date | None = effect.first
    return {"sooner": effect.sooner, "planned": effect.planned, "first": first.isoformat() if first else None}


def _in_words(effect: Redating) -> str:
    if not effect.sooner:
        return "No text that is here goes sooner."
    had_time = f"{effect.planned:,} of which have had their time"
    return f"{effect.sooner:,} texts go sooner, {had_time}; the first on {effect.first}."


def _show(made: Policy, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(made))
        return
    click.echo(f"Version {made.version} is in force: {made.period} for {_scope(made.scope)}.")
