"""Checking a signed statement of a search."""

import click
import msgspec

from archive.cli.shared import as_json, print_json, public_key_of, visible
from archive.ledger.signed_file import SignedFileError
from archive.search.statement import Stated, check_statement


@click.command("verify-statement")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--public-key", required=True, metavar="KEY", help="The archive's public key, or a file with it.")
@as_json
def verify_statement(file: str, public_key: str, as_json: bool) -> None:
    """Check what `search --certify` printed. Needs no database and no network. Exit code 0 if it is genuine, 1 if not.

    A genuine statement may still say that not everything was searched; the first line tells.
    """
    key = public_key_of(public_key)
    try:
        with click.open_file(file, encoding="utf-8") as opened_file:
            stated = check_statement(opened_file.read(), key)
    except (SignedFileError, UnicodeDecodeError) as problem:
        if as_json:
            print_json({"good": False, "problem": str(problem)})
        else:
            click.echo(f"NOT GENUINE: {problem}.")
        raise SystemExit(1) from None
    if as_json:
        print_json({"good": True, "complete": stated.coverage.complete, "stated": msgspec.to_builtins(stated)})
    else:
        _print(stated)


def _print(stated: Stated) -> None:
    covered = stated.coverage
    click.echo(_verdict(stated))
    facts = {
        "searched for": stated.query or "everything",
        "understood": stated.understood or "everything",
        "found": f"{stated.count:,}",
        "searched": f"{covered.indexed:,} of {covered.of:,} texts, the ledger up to entry {covered.through:,}",
        "organisation": f"{stated.organisation} ({stated.origin})",
        "by": f"{stated.by.name} ({stated.by.actor})",
        "at": stated.at,
        "statement": stated.id,
        "checkpoint": f"{stated.checkpoint.size:,} entries, root {stated.checkpoint.root}",
    }
    for name, value in facts.items():
        click.echo(f"  {name:13} {visible(value)}")


def _verdict(stated: Stated) -> str:
    covered = stated.coverage
    found = f"{stated.count:,} of {covered.indexed:,} texts match"
    if covered.complete:
        word = click.style("Genuine.", fg="green")
        return f"{word} {found}; all that the archive held at entry {covered.through:,} were searched."
    word = click.style("Genuine, but NOT COMPLETE.", fg="yellow")
    return f"{word} {found}; {covered.missing:,} more were not searched."
