"""How commands are told which campaign is meant."""

import click

from archive.campaigns.reading import list_campaigns
from archive.core.errors import NotFound
from archive.tx import Tx

campaign_argument = click.argument("name", metavar="CAMPAIGN")


def campaign_named(tx: Tx, name: str) -> str:
    """The id of a campaign by its id, the registry's, or its name."""
    for one in list_campaigns(tx):
        if name in (one.id, one.registry_id, one.name):
            return one.id
    raise NotFound(f"There is no campaign {name!r}.", "`textarchive campaign list` shows those that there are.")
