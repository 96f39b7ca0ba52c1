"""What must have come, against what is here."""

from pathlib import Path

import click

from archive.cli.tables import table_options, take_file
from archive.completeness import importing


@click.group()
def completeness() -> None:
    """Whether all that came and went is here, number by number and day by day."""


@completeness.command("expect")
@table_options
def expect(file: Path, dry_run: bool, org: str | None, as_json: bool) -> None:
    """Take in a table of how many texts providers carried, with the columns day, provider, account, number, direction
    and count. Without a number a count is of the whole account."""
    take_file(file, importing.read_table, importing.take_table, dry_run=dry_run, org=org, as_json=as_json)
