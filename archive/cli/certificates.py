"""Certificates of purges: printing one, and checking one that was handed over."""

import click
import msgspec

from archive.cli.shared import as_json, print_json, public_key_of
from archive.core.clock import rfc3339
from archive.ledger.signed_file import SignedFileError
from archive.retention.certificate import Certificate, check


@click.command("verify-certificate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--public-key", "key", required=True, metavar="KEY", help="The archive's public key, or a file with it.")
@as_json
def verify_certificate(file: str, key: str, as_json: bool) -> None:
    """Check the certificate of a purge. Needs no database and no network. Exit code 0 if it is good, 1 if not."""
    try:
        with click.open_file(file, encoding="utf-8") as opened_file:
            content = opened_file.read()
        made = check(content, public_key_of(key))
    except (SignedFileError, UnicodeDecodeError) as problem:
        if as_json:
            print_json({"good": False, "problem": str(problem)})
        else:
            click.echo(f"NOT GOOD: {problem}.")
        raise SystemExit(1) from None
    if as_json:
        print_json({"good": True, "certificate": msgspec.to_builtins(made)})
    else:
        _print(made)


def _print(made: Certificate) -> None:
    gone = made.destroyed
    click.echo(
        click.style("Good.", fg="green") + f" {made.organisation.name} ({made.organisation.origin}) destroyed"
        f" {gone.texts:,} texts and {gone.items:,} quarantined items that had expired on {made.expired_on}."
    )
    facts = {
        "planned": f"{rfc3339(made.planned.at)}, {made.planned.texts:,} texts and {made.planned.items:,} items",
        "approved": f"{rfc3339(made.approved.at)} by {made.approved.by}" if made.approved else "nothing stopped it",
        "begun": rfc3339(gone.at),
        "certified": rfc3339(made.certified_at),
        "serials": f"{gone.ranges[0][0]} to {gone.ranges[-1][1]}, digest {gone.digest}" if gone.ranges else "none",
        "keys": ", ".join(f"{key.purpose} {key.period}" for key in made.keys) or "none",
        "kept": ", ".join(f"{count:,} {why}" for why, count in made.kept.items() if count) or "nothing",
    }
    for name, value in facts.items():
        click.echo(f"  {name:10} {value}")
    for copies in made.copies:
        click.echo(f"  copies     sealed copies of {copies.texts:,} can be opened until the key of {copies.until} goes")
    if made.key_copy.keeps_history:
        click.echo("  copies     the place of the copy of the keys keeps history: older copies can still be got at")
