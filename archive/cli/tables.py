"""Tables in files, taken in line by line: for every command that imports one."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.cli.shared import as_json as json_option
from archive.cli.shared import opened, org_option, organisation, print_json, visible
from archive.core.actor import OPERATOR
from archive.core.fates import Fate, Outcome, counts_of
from archive.tx import Tx

Command = Callable[..., Any]
Line = TypeVar("Line")

_file = click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would become of each line, and change nothing.")


def table_options(command: Command) -> Command:
    """FILE.csv, --dry-run, --org and --json."""
    return _file(_dry_run(org_option(json_option(command))))


def take_file(
    file: Path,
    read: Callable[[bytes], Sequence[Line]],
    take: Callable[[Tx, Sequence[Line]], list[Fate]],
    *,
    dry_run: bool,
    org: str | None,
    as_json: bool,
) -> None:
    """All of it in one transaction. Ends with 1 if a line was refused; the others are taken all the same."""
    lines = read(file.read_bytes())
    with opened() as archive:
        row = organisation(archive, org)
        transaction = archive.transactions.read if dry_run else archive.transactions.write
        with transaction(row.id, OPERATOR) as tx:
            fates = take(tx, lines)
    _show(fates, dry_run, as_json)
    if any(fate.outcome is Outcome.REFUSED for fate in fates):
        sys.exit(1)


def _show(fates: list[Fate], dry_run: bool, as_json: bool) -> None:
    counts = counts_of(fates)
    if as_json:
        print_json({"dry_run": dry_run, **counts, "lines": [asdict(fate) for fate in fates]})
        return
    for fate in fates:
        click.echo(f"line {fate.line:5}  {visible(fate.subject):16} {fate.outcome:10} {visible(fate.why)}".rstrip())
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    click.echo(f"{told}." + (" Nothing was changed: it was a dry run." if dry_run else ""))
