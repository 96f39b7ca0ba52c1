"""Campaigns: drafting from JSON files with the registry's own names, where each level is, and the numbers on one."""

from pathlib import Path
from typing import Any

import click

from archive.campaigns.active import carrier_name
from archive.campaigns.assigning import put_on, take_off
from archive.campaigns.drafting import change_campaign, draft_campaign, note_campaign_id
from archive.campaigns.levels import Level, State
from archive.campaigns.model import Campaign
from archive.campaigns.naming import NAMING, name_campaign
from archive.campaigns.reading import list_campaigns, read_campaign
from archive.campaigns.steering import enter_state
from archive.cli.brands import FILE, brand_named, read_object
from archive.cli.campaign_cases import case
from archive.cli.campaign_check import check
from archive.cli.campaign_health import health
from archive.cli.campaign_naming import campaign_argument, campaign_named
from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.numbers.store import numbers_on
from archive.tx import Tx

reason_option = click.option("--reason", default="", metavar="WHY", help="Kept with the change. Sealed in the ledger.")


@click.group()
def campaign() -> None:
    """Campaigns: what is sent to whom, how far its registration is, and which numbers may text because of it."""


campaign.add_command(check)
campaign.add_command(health)
campaign.add_command(case)


@campaign.command("add")
@click.argument("file", metavar="FILE.json", type=FILE)
@click.option("--brand", required=True, help="Brand by name or id.")
@click.option("--name", required=True, help="What you call it.")
@org_option
@as_json
def add(file: Path, brand: str, name: str, org: str | None, as_json: bool) -> None:
    """Draft a campaign from FILE.json: an object with the registry's names (usecase, description, sample1, …)."""
    given = read_object(file)
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            drafted = draft_campaign(tx, brand_named(tx, brand), name, given)
            _show(tx, read_campaign(tx, drafted.id), as_json)


@campaign.command("change")
@campaign_argument
@click.argument("file", metavar="FILE.json", type=FILE)
@click.option("--message-class", metavar="A…Z", help="AT&T's, as the registry says.")
@org_option
@as_json
def change(name: str, file: Path, message_class: str | None, org: str | None, as_json: bool) -> None:
    """Change CAMPAIGN to what FILE.json says; what is not in it is empty then."""
    given = read_object(file)
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            changed = change_campaign(tx, campaign_named(tx, name), given, message_class=message_class)
            _show(tx, read_campaign(tx, changed.id), as_json)


@campaign.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the campaigns."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            campaigns = list_campaigns(tx)
            found = [_data(tx, one) for one in campaigns]
    if as_json:
        print_json(found)
        return
    for one in campaigns:
        standing = "active" if one.verdict.active else "not active"
        click.echo(f"{one.id}  {one.registry_id or '-':8} {standing:11} {one.numbers:3} numbers  {visible(one.name)}")


@campaign.command("show")
@campaign_argument
@org_option
@as_json
def show(name: str, org: str | None, as_json: bool) -> None:
    """Show CAMPAIGN: where each level is, its numbers, and what it still lacks."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            _show(tx, read_campaign(tx, campaign_named(tx, name)), as_json)


@campaign.command("register")
@campaign_argument
@click.argument("registry_id", metavar="C…")
@org_option
@as_json
def register(name: str, registry_id: str, org: str | None, as_json: bool) -> None:
    """Note the id of CAMPAIGN at the registry; what that said of it before is heard then."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            noted = note_campaign_id(tx, campaign_named(tx, name), registry_id)
            _show(tx, read_campaign(tx, noted.id), as_json)


@campaign.command("known-as")
@campaign_argument
@click.argument("provider", type=click.Choice(NAMING))
@click.argument("theirs", metavar="ID")
@org_option
@as_json
def known_as(name: str, provider: str, theirs: str, org: str | None, as_json: bool) -> None:
    """Note the ID that a provider has for CAMPAIGN; what it told of that before is heard then."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            found = campaign_named(tx, name)
            name_campaign(tx, found, provider, theirs)
            tx.session.flush()
            _show(tx, read_campaign(tx, found), as_json)


@campaign.command("state")
@campaign_argument
@click.argument("level", type=click.Choice([level.value for level in Level]))
@click.argument("state", type=click.Choice([state.value for state in State]))
@click.option("--carrier", default="", metavar="ID", help="The registry's id of a carrier, for the level carrier.")
@reason_option
@org_option
@as_json
def state(name: str, level: str, state: str, carrier: str, reason: str, org: str | None, as_json: bool) -> None:
    """Note that CAMPAIGN is STATE at LEVEL. `own paused` pauses it, `own running` lets it run again."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            found = campaign_named(tx, name)
            enter_state(tx, found, Level(level), State(state), carrier=carrier, reason=reason)
            _show(tx, read_campaign(tx, found), as_json)


@campaign.command("numbers")
@campaign_argument
@click.option("--put", multiple=True, metavar="NUMBER", help="Put this number on it (again for several).")
@click.option("--take-off", "off", multiple=True, metavar="NUMBER", help="Take this number off it.")
@reason_option
@org_option
@as_json
def numbers(name: str, put: tuple[str, ...], off: tuple[str, ...], reason: str, org: str | None, as_json: bool) -> None:
    """Put numbers on CAMPAIGN, or take them off."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            found = campaign_named(tx, name)
            take_off(tx, found, off, reason)
            put_on(tx, found, put, reason)
            tx.session.flush()
            _show(tx, read_campaign(tx, found), as_json)


def _show(tx: Tx, one: Campaign, as_json: bool) -> None:
    if as_json:
        print_json(_data(tx, one))
        return
    click.echo(f"{one.id}  {visible(one.name)} of {visible(one.brand_name)}")
    click.echo(f"  {'active' if one.verdict.active else 'not active'}: {one.verdict.because}")
    for level in (level for level in Level if level is not Level.CARRIER):
        click.echo(f"  {level:10} {one.levels.at(level)}")
    for carrier, at in one.levels.carriers.items():
        click.echo(f"  {carrier_name(carrier):10} {at}")
    for row in numbers_on(tx, one.id):
        click.echo(f"  {phone.display(row.e164)}  {row.state}")
    for field, why in one.gaps.items():
        click.echo(f"  lacks {field}: {why}")


def _data(tx: Tx, one: Campaign) -> dict[str, Any]:
    levels = one.levels
    return {
        "id": one.id,
        "name": one.name,
        "brand": one.brand_id,
        "fields": dict(one.fields),
        "registry_id": one.registry_id,
        "reference": one.reference,
        "active": one.verdict.active,
        "because": one.verdict.because,
        "carriers": list(one.verdict.carriers),
        "levels": {
            **{level.value: levels.at(level).value for level in Level if level is not Level.CARRIER},
            "carriers": {carrier: at.value for carrier, at in levels.carriers.items()},
        },
        "gaps": dict(one.gaps),
        "numbers": [row.e164 for row in numbers_on(tx, one.id)],
        "added_at": rfc3339(one.added_at),
    }
