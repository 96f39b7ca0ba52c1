"""`textarchive init`: a new archive, or a further organisation in it."""

import click

from archive.cli.shared import as_json, print_json, settings
from archive.setting_up import prepare, set_up_organisation
from archive.wiring import build


@click.command()
@click.option("--org", "name", required=True, metavar="NAME", help="Name of the organisation.")
@click.option("--admin", "email", required=True, metavar="EMAIL", help="E-mail address of the first administrator.")
@as_json
def init(name: str, email: str, as_json: bool) -> None:
    """Make an organisation, its first administrator and an API key; and the archive itself if there is none."""
    chosen = settings()
    new_key = prepare(chosen)
    archive = build(chosen)
    try:
        made = set_up_organisation(archive, name, email)
    finally:
        archive.engine.dispose()
    if as_json:
        print_json(
            {
                "organisation": made.row.public_id,
                "admin": made.email,
                "password": made.password,
                "api_key": made.api_key,
            }
        )
        return
    click.echo(f"Organisation  {made.row.name} ({made.row.public_id})")
    click.echo(f"Administrator {made.email}")
    click.echo(f"Password      {made.password}")
    click.echo(f"API key       {made.api_key}")
    click.echo("Password and API key are shown this once and kept nowhere.")
    if new_key:
        click.echo(f"\nThe master key is {chosen.master_key_file}. Whoever loses it loses every text: make a copy")
        click.echo("on paper with `textarchive recovery show`, then `textarchive recovery confirm`.")
    click.echo("\nStart with: textarchive serve")
