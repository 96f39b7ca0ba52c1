"""`textarchive vault`: what is in it, making its bucket, putting back what it has lost."""

from pathlib import Path
from typing import Any

import click

from archive.access.organisations import OrganisationRow
from archive.cli.shared import as_json, opened, org_option, organisations, print_json, settings
from archive.core.clock import rfc3339
from archive.core.errors import BadInput
from archive.keys.local_kms import write_secret
from archive.safekeeping import repair as put_back
from archive.safekeeping import status as look
from archive.segments.actions import Standing
from archive.segments.identities import new_identities
from archive.wiring import create_buckets

KIB = 1024


@click.group()
def vault() -> None:
    """Write-once copies of everything: what a lost database comes back from."""


@vault.command()
@as_json
def status(as_json: bool) -> None:
    """Say what is in the vault, whether its lock holds, and how far it is behind. Tries the lock."""
    with opened() as archive:
        found = look(archive.transactions, archive.vault, archive.keys_backup)
    rows = [_row(row, standing) for row, standing in found.organisations]
    if as_json:
        print_json(
            {
                "place": found.place,
                "kind": found.kind,
                "immutable": found.enforcement.immutable,
                "because": found.enforcement.because,
                "keys": {"place": found.keys_place, "final": found.final},
                "organisations": rows,
            }
        )
        return
    word = (
        click.style("immutable", fg="green")
        if found.enforcement.immutable
        else click.style("not immutable", fg="yellow")
    )
    click.echo(f"{found.place}: {word}; {found.enforcement.because}.")
    final = "" if found.final else click.style(", which keeps what was replaced: no purge is ever final", fg="red")
    click.echo(f"Keys are copied to {found.keys_place}{final}.")
    for row in rows:
        click.echo(
            f"{row['organisation']}: {row['texts']:,} texts, {row['segments']:,} segments, {_size(row['bytes'])};"
            f" {row['entries_behind']:,} entries ({row['seconds_behind']:,} s) behind."
        )
        if row["last_error"]:
            state = click.style("Failing", fg="red") if row["failing"] else "Failed once, and goes on"
            click.echo(f"  {state}: {row['last_error']} ({row['last_error_at']})")


def _row(row: OrganisationRow, standing: Standing) -> dict[str, Any]:
    return {
        "organisation": row.name,
        "id": row.public_id,
        "segments": standing.segments,
        "texts": standing.texts,
        "bytes": standing.size,
        "through": standing.through,
        "entries_behind": standing.behind,
        "seconds_behind": int(standing.waiting.total_seconds()),
        "ran_at": rfc3339(standing.ran_at) if standing.ran_at else None,
        "failing": standing.failing,
        "last_error": standing.error,
        "last_error_at": rfc3339(standing.error_at) if standing.error_at else None,
    }


def _size(count: int) -> str:
    value, units = float(count), ["bytes", "KiB", "MiB", "GiB"]
    while value >= KIB and len(units) > 1:
        value /= KIB
        units.pop(0)
    return f"{value:,.1f} {units[0]}" if units[0] != "bytes" else f"{count} bytes"


@vault.command()
@click.option("--profile", metavar="NAME", help="AWS profile that may create buckets; it is used for nothing else.")
def create(profile: str | None) -> None:
    """Make the buckets that the settings name: with Object Lock for the vault, without versions for the keys."""
    made = create_buckets(settings(), profile)
    if not made:
        raise BadInput("The vault is a folder, which needs no making.", "Set TEXTARCHIVE_VAULT to s3://bucket/prefix.")
    for place, new in made.items():
        click.echo(f"{place}: {'made' if new else 'is there already'}.")


@vault.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path))
@click.option("--bucket", default="textarchive-vault", show_default=True, help="The vault's bucket.")
def identities(folder: Path, bucket: str) -> None:
    """Write into FOLDER who is who in an object store of your own (SeaweedFS), with fresh secrets."""
    for name, content in new_identities(bucket).items():
        write_secret(folder / name, content)
        click.echo(f"{folder / name}")


@vault.command()
@org_option
@as_json
def repair(org: str | None, as_json: bool) -> None:
    """Look at every segment, and put back what the vault has lost and the database still has."""
    with opened() as archive:
        wanted = organisations(archive, org)
        put = {row.name: put_back(archive.transactions, archive.vault, row) for row in wanted}
    if as_json:
        print_json([{"organisation": name, "objects_put_back": count} for name, count in put.items()])
        return
    for name, count in put.items():
        click.echo(f"{name}: {count:,} objects put back.")
