"""`textarchive profile`: which column of a table is which field of a text."""

from collections.abc import Sequence
from typing import Any

import click
import msgspec

from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core.actor import OPERATOR
from archive.intake.files.csv_mapping import CONSTANT, FIELDS
from archive.intake.files.model import Mapping
from archive.intake.profiles import actions
from archive.intake.profiles.model import Profile

name_argument = click.argument("name")


class Pair(click.ParamType[tuple[str, str]]):
    """FIELD=VALUE."""

    name = "field=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        field, equals, said = str(value).partition("=")
        if not equals or not said:
            self.fail(f"{value!r} is not like {self.name}.", param, ctx)
        return field.strip(), said


@click.group()
def profile() -> None:
    """Profiles of tables: which column is which field, kept under a name."""


@profile.command("save")
@name_argument
@click.option("--column", "columns", type=Pair(), multiple=True, help=f"FIELD=COLUMN. Fields: {', '.join(FIELDS)}.")
@click.option("--constant", "constants", type=Pair(), multiple=True, help=f"FIELD=VALUE: {', '.join(CONSTANT)}.")
@click.option("--date-format", help="How times are written, like '%m/%d/%Y %I:%M %p'.")
@click.option("--zone", help="Time zone of times that have none, like America/New_York.")
@click.option("--inbound", multiple=True, help="One more word for what came in.")
@click.option("--outbound", multiple=True, help="One more word for what went out.")
@org_option
@as_json
def save(
    name: str,
    columns: Sequence[tuple[str, str]],
    constants: Sequence[tuple[str, str]],
    date_format: str | None,
    zone: str | None,
    inbound: tuple[str, ...],
    outbound: tuple[str, ...],
    org: str | None,
    as_json: bool,
) -> None:
    """Keep under NAME which column is which field."""
    mapping = Mapping(dict(columns), dict(constants), date_format, zone, inbound, outbound)
    with opened() as archive, archive.transactions.write(organisation(archive, org).id, OPERATOR) as tx:
        made = actions.save_profile(tx, name, mapping)
    _show([made], as_json)


@profile.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the profiles, those that come with the archive first."""
    with opened() as archive, archive.transactions.read(organisation(archive, org).id, OPERATOR) as tx:
        found = actions.list_profiles(tx)
    _show(found, as_json)


@profile.command("rename")
@name_argument
@click.argument("new_name")
@org_option
def rename(name: str, new_name: str, org: str | None) -> None:
    """Call the profile NAME by NEW_NAME."""
    with opened() as archive, archive.transactions.write(organisation(archive, org).id, OPERATOR) as tx:
        renamed = actions.rename_profile(tx, actions.profile_named(tx, name).id or "", new_name)
    click.echo(f"The profile is called {visible(renamed.name)}.")


@profile.command("remove")
@name_argument
@org_option
def remove(name: str, org: str | None) -> None:
    """Remove the profile NAME. What was imported with it stays."""
    with opened() as archive, archive.transactions.write(organisation(archive, org).id, OPERATOR) as tx:
        gone = actions.remove_profile(tx, actions.profile_named(tx, name).id or "")
    click.echo(f"The profile {visible(gone.name)} is removed.")


def _show(found: Sequence[Profile], as_json: bool) -> None:
    if as_json:
        told = [{"id": one.id, "name": one.name, "mapping": msgspec.to_builtins(one.mapping)} for one in found]
        print_json(told)
        return
    for one in found:
        click.echo(f"{visible(one.name)}{' (comes with the archive)' if one.built_in else ''}")
        for field, said in (*one.mapping.columns.items(), *one.mapping.constants.items()):
            constant = field not in one.mapping.columns
            click.echo(f"  {field:12} {'is always' if constant else 'is in'} {visible(said)}")
        for label, told_by in (("times like", one.mapping.date_format), ("times in", one.mapping.zone)):
            if told_by:
                click.echo(f"  {label:12} {visible(told_by)}")
