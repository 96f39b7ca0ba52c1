"""`textarchive backup`: everything in a second place."""

from typing import Any

import click

from archive.access.organisations import OrganisationRow
from archive.backups import back_up
from archive.cli.shared import as_json, opened, organisations, print_json
from archive.core.actor import OPERATOR
from archive.segments.backup import Made
from archive.settings import parse_place
from archive.wiring import open_backup


@click.command()
@click.argument("place", metavar="FOLDER|s3://BUCKET/PREFIX")
@click.option("--check", is_flag=True, help="Read everything in the place again, not only what is new.")
@as_json
def backup(place: str, check: bool, as_json: bool) -> None:
    """Copy everything into PLACE, sealed, while the archive serves; and the wrapped keys, without the master key.

    Run it again, with the same place, each day: what is new is added, what was purged goes, the keys are replaced. What
    is written is read back, and a signed list says what is there. `textarchive restore PLACE` brings it back.
    """
    with opened() as archive:
        where = open_backup(archive.settings, parse_place("The place", place), archive.clock)
        made = back_up(archive.transactions, where, organisations(archive, None), OPERATOR, thorough=check)
        final = not where.keys.keeps_history()
    rows = [_row(organisation, each) for organisation, each in made]
    if as_json:
        print_json({"place": where.vault.place, "purges_reach_it": final, "organisations": rows})
        return
    for row in rows:
        click.echo(
            f"{row['organisation']}: {row['entries']:,} entries in {row['objects']:,} objects, {row['bytes']:,} bytes;"
            f" {row['put']:,} new, {row['deleted']:,} outdated ones taken away."
        )
    if not final:
        click.secho(
            "The bucket keeps versions: old keys stay, and no purge ever reaches this backup.", fg="red", err=True
        )


def _row(organisation: OrganisationRow, made: Made) -> dict[str, Any]:
    return {
        "organisation": organisation.name,
        "id": organisation.public_id,
        "entries": made.entries,
        "objects": made.objects,
        "bytes": made.size,
        "put": made.put,
        "deleted": made.deleted,
    }
