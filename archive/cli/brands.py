"""Brands, from JSON files with the registry's own names."""

import json
from pathlib import Path
from typing import Any

import click

from archive.campaigns.brands import add_brand, change_brand, note_brand_registration
from archive.campaigns.model import Brand, Identity
from archive.campaigns.reading import list_brands, read_brand
from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput, NotFound
from archive.tx import Tx

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
LARGEST = 200_000
WANTED = "Write an object of fields, with the registry's names."


@click.group()
def brand() -> None:
    """Brands: who sends, as The Campaign Registry knows them."""


@brand.command("add")
@click.argument("file", metavar="FILE.json", type=FILE)
@org_option
@as_json
def add(file: Path, org: str | None, as_json: bool) -> None:
    """Enter a brand from FILE.json: an object with the registry's names (displayName, entityType, ein, …)."""
    given = read_object(file)
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            added = read_brand(tx, add_brand(tx, given).id)
    _show(added, as_json)


@brand.command("change")
@click.argument("name", metavar="BRAND")
@click.argument("file", metavar="FILE.json", type=FILE)
@org_option
@as_json
def change(name: str, file: Path, org: str | None, as_json: bool) -> None:
    """Change BRAND to what FILE.json says; what is not in it is empty then."""
    given = read_object(file)
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            changed = read_brand(tx, change_brand(tx, brand_named(tx, name), given).id)
    _show(changed, as_json)


@brand.command("register")
@click.argument("name", metavar="BRAND")
@click.option("--id", "registry_id", metavar="B…", help="Its id at the registry.")
@click.option("--identity", type=click.Choice([one.value for one in Identity]), help="How far it is verified.")
@click.option("--score", type=click.IntRange(0, 100), help="Its vetting score.")
@org_option
@as_json
def register(
    name: str, registry_id: str | None, identity: str | None, score: int | None, org: str | None, as_json: bool
) -> None:
    """Note what the registry says of BRAND."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            found, known = brand_named(tx, name), Identity(identity) if identity else None
            note_brand_registration(tx, found, registry_id=registry_id, identity=known, score=score)
            noted = read_brand(tx, found)
    _show(noted, as_json)


@brand.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the brands."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            brands = list_brands(tx)
    if as_json:
        print_json([_data(one) for one in brands])
        return
    for one in brands:
        click.echo(f"{one.id}  {one.registry_id or '-':8} {one.identity:16} {visible(one.name)}")


def brand_named(tx: Tx, name: str) -> str:
    """The id of a brand by its id, the registry's, or its name."""
    for one in list_brands(tx):
        if name in (one.id, one.registry_id, one.name):
            return one.id
    raise NotFound(f"There is no brand {name!r}.", "`textarchive brand list` shows those that there are.")


def read_object(file: Path) -> dict[str, Any]:
    """Raises `BadInput` for what is no JSON object."""
    try:
        if file.stat().st_size > LARGEST:
            raise BadInput(f"{file} is larger than {LARGEST:,} bytes.", "Give the fields of one brand or campaign.")
        found = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise BadInput(f"{file} is no JSON in UTF-8.", WANTED) from None
    if not isinstance(found, dict):
        raise BadInput(f"{file} holds no object.", WANTED)
    return found


def _show(one: Brand, as_json: bool) -> None:
    if as_json:
        print_json(_data(one))
        return
    click.echo(f"{one.id}  {visible(one.name)}")
    for name, why in one.gaps.items():
        click.echo(f"  lacks {name}: {why}")


def _data(one: Brand) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "fields": dict(one.fields),
        "registry_id": one.registry_id,
        "identity": one.identity.value,
        "score": one.score,
        "gaps": dict(one.gaps),
        "campaigns": one.campaigns,
        "added_at": rfc3339(one.added_at),
    }
