"""`textarchive pull`: bringing locations, numbers and users into step with what Webex says, and fetching texts that
providers list.
"""

import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from archive.cli.pulling_texts import pull_texts, since_option, texts_command, until_option
from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput
from archive.providers.model import DOORS
from archive.settings import Settings
from archive.webex.actions import bring_into_step
from archive.webex.client import WebexClient
from archive.webex.fetching import fetch
from archive.webex.steps import Outcome, Step, counts_of

WRITES = (Outcome.ADDED, Outcome.CHANGED)


@click.group()
def pull() -> None:
    """Bring locations, numbers and users into step with what Webex says, or fetch texts that a provider lists."""


for _provider in ("bandwidth", "telnyx", "twilio"):
    pull.add_command(texts_command(_provider, DOORS[_provider].name))


@pull.command("webex")
@click.argument("account", required=False)
@since_option
@until_option
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Don't ask before changing anything.")
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the access token, in place of TEXTARCHIVE_WEBEX_TOKEN.",
)
@org_option
@as_json
def webex(
    account: str | None,
    since: str | None,
    until: str | None,
    dry_run: bool,
    yes: bool,
    token_file: Path | None,
    org: str | None,
    as_json: bool,
) -> None:
    """Read everything from Webex, show what would change, and change it once you say so.

    What Webex doesn't have any more is told and not deleted. Ends with 1 if something was refused.

    With ACCOUNT instead: fetch the Business Texts that Webex lists and that are not here yet, as for other providers.
    """
    if account:
        if dry_run or yes or token_file:
            raise BadInput("Texts are fetched without these options.", "Leave them out, or leave ACCOUNT out.")
        pull_texts("webex", account, since, until, org, as_json)
        return
    if since or until:
        raise BadInput("Locations, numbers and users have no dates.", "Give the ACCOUNT whose texts are to be fetched.")
    with opened() as archive:
        row = organisation(archive, org)
        said = fetch(WebexClient(archive.settings.webex_url, _token(archive.settings, token_file), time.sleep))
        with archive.transactions.read(row.id, OPERATOR) as tx:
            steps = bring_into_step(tx, said)
        writes = any(step.outcome in WRITES for step in steps)
        if not dry_run and writes:
            if not yes:
                _show(steps, done=False)
                click.confirm(f"Change this in {row.name}?", abort=True)
            with archive.transactions.write(row.id, OPERATOR) as tx:
                steps = bring_into_step(tx, said)
    done = writes and not dry_run
    if as_json:
        print_json({"dry_run": dry_run, **counts_of(steps), "steps": [asdict(step) for step in steps]})
    else:
        _show(steps, done=done)
    if any(step.outcome is Outcome.REFUSED for step in steps):
        sys.exit(1)


def _token(settings: Settings, file: Path | None) -> str:
    token = file.read_text().strip() if file else settings.webex_token
    if not token:
        raise BadInput("There is no token for Webex.", "Set TEXTARCHIVE_WEBEX_TOKEN, or give --token-file.")
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise BadInput("The token for Webex has characters that no token has.", "Copy it anew.")
    return token


def _show(steps: list[Step], *, done: bool) -> None:
    for step in steps:
        if step.outcome is not Outcome.UNCHANGED:
            subject = phone.display(step.subject) if step.kind == "number" else visible(step.subject)
            click.echo(f"{step.outcome:9} {step.kind:9} {subject:24} {visible(step.why)}".rstrip())
    told = ", ".join(f"{count:,} {name}" for name, count in counts_of(steps).items())
    click.echo(f"{told}." + ("" if done else " Nothing was changed."))
