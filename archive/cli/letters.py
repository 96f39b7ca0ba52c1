"""Letters of Authorization. Signing one is a person's, at the page: a command has no signature."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from archive.cli.shared import as_json, opened, org_option, organisation, print_json, printable
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput
from archive.letters import reading
from archive.letters.checking import faults_of
from archive.letters.drafting import numbers_of
from archive.letters.ending import revoke_letter
from archive.letters.forms import ProviderForm, fill_form, form_named
from archive.letters.keeping import LetterPolicy, policy_of, set_policy
from archive.letters.model import Draft, Letter, Origin, Signer, Subscriber
from archive.letters.uploading import upload_letter
from archive.tx import Tx

MOST_DIGITS = 6

letter_argument = click.argument("letter_id", metavar="LETTER")


@click.group()
def letter() -> None:
    """Letters of Authorization: who signed that which numbers may text. They are signed at the page `/letters/new`."""


@letter.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the letters, newest first."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = [_data(tx, one) for one in reading.list_letters(tx)]
    if as_json:
        print_json(found)
        return
    for one in found:
        evidence = one["evidence"]
        signer = printable(evidence["signer"]["first_name"] + " " + evidence["signer"]["last_name"]) if evidence else ""
        click.echo(
            f"{one['id']}  {one['state']:10}  {one['signed_at'][:10]}  {len(one['numbers']):3} numbers  {signer}"
        )


@letter.command("show")
@letter_argument
@click.option("--words", is_flag=True, help="Print the exact words and nothing else.")
@org_option
@as_json
def show(letter_id: str, words: bool, org: str | None, as_json: bool) -> None:
    """Show LETTER with the evidence of its signature. Put on record."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            if words:
                click.echo(reading.take_text(tx, letter_id), nl=False)
                return
            found = _data(tx, reading.view_letter(tx, letter_id))
    print_json(found) if as_json else _show(found)


@letter.command("pdf")
@letter_argument
@click.argument("file", metavar="FILE.pdf", type=click.Path(dir_okay=False, path_type=Path))
@org_option
def pdf(letter_id: str, file: Path, org: str | None) -> None:
    """Write the file of LETTER to FILE.pdf. Put on record."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            content = reading.take_pdf(tx, letter_id)
    file.write_bytes(content)
    click.echo(f"{file} is written.")


@letter.command("fields")
@letter_argument
@click.option("--form", required=True, type=click.Choice([form.value for form in ProviderForm]), help="Whose form.")
@org_option
@as_json
def fields(letter_id: str, form: str, org: str | None, as_json: bool) -> None:
    """Fill a provider's form from LETTER, and say what is missing. Put on record. Exit code 1 unless it is complete."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            filled = fill_form(reading.view_letter(tx, letter_id), form_named(form), tx.now)
    if as_json:
        print_json({"complete": filled.complete, **asdict(filled)})
    else:
        for field in filled.fields:
            click.echo(f"{field.name:32} {printable(field.value) if field.value else '(' + field.missing + ')'}")
        for obstacle in filled.obstacles:
            click.echo(obstacle)
    if not filled.complete:
        sys.exit(1)


@letter.command("upload")
@click.argument("file", metavar="FILE.pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--number", "numbers", multiple=True, required=True, help="A number that it covers; give it several times."
)
@click.option("--signed-on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the signature.")
@click.option("--first-name", required=True, help="Of who signed it.")
@click.option("--last-name", required=True, help="Of who signed it.")
@click.option("--title", required=True, help="Of who signed it.")
@click.option("--email", default="", help="Of who signed it.")
@click.option("--legal-name", required=True, help="Of the organisation whose numbers they are.")
@click.option("--provider", required=True, help="Whom it authorises.")
@click.option("--supersedes", metavar="LETTER", help="The letter whose place it takes.")
@org_option
@as_json
def upload(
    file: Path,
    numbers: tuple[str, ...],
    signed_on: datetime,
    first_name: str,
    last_name: str,
    title: str,
    email: str,
    legal_name: str,
    provider: str,
    supersedes: str | None,
    org: str | None,
    as_json: bool,
) -> None:
    """Hand in FILE.pdf, a letter that was signed on paper, with what stands in it."""
    signer = Signer(first_name, last_name, title, email)
    draft = Draft(provider, Subscriber(legal_name), signer, numbers_of(numbers))
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            origin, day = Origin(str(OPERATOR)), signed_on.date()
            found = _data(
                tx, upload_letter(tx, draft, file.read_bytes(), signed_on=day, origin=origin, supersedes=supersedes)
            )
    print_json(found) if as_json else _show(found)


@letter.command("revoke")
@letter_argument
@click.option("--reason", required=True, metavar="WHY", help="Kept sealed, with the letter.")
@org_option
@as_json
def revoke(letter_id: str, reason: str, org: str | None, as_json: bool) -> None:
    """Revoke LETTER, and withdraw the numbers that rest on it alone."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            withdrawn = revoke_letter(tx, letter_id, reason)
    if as_json:
        print_json({"letter": letter_id, "withdrawn": withdrawn})
        return
    click.echo(f"{letter_id} is revoked. Withdrawn: {', '.join(map(phone.display, withdrawn)) or 'no number'}.")


@letter.command("policy")
@click.option("--valid-days", metavar="DAYS", help="How long after signing a letter ends; `none` for never.")
@click.option("--keep-years", type=int, metavar="YEARS", help="How long it is kept after its last number was released.")
@org_option
@as_json
def policy(valid_days: str | None, keep_years: int | None, org: str | None, as_json: bool) -> None:
    """Show for how long letters are valid and kept, or set it. They can only be kept longer, never less long."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            before = policy_of(tx)
            days = before.valid_days if valid_days is None else _days(valid_days)
            set_policy(tx, LetterPolicy(days, before.keep_years if keep_years is None else keep_years))
            found = policy_of(tx)
    if as_json:
        print_json({"valid_days": found.valid_days, "keep_years": found.keep_years})
        return
    valid = "until they are revoked" if found.valid_days is None else f"for {found.valid_days:,} days"
    click.echo(f"Letters are valid {valid}, and kept {found.keep_years} years after their last number was released.")


def _days(typed: str) -> int | None:
    if typed == "none":
        return None
    if not typed.isdecimal() or len(typed) > MOST_DIGITS:
        raise BadInput(f"{typed!r} is no number of days.", "Give a number, or none.")
    return int(typed)


@letter.command("verify")
@letter_argument
@org_option
@as_json
def verify(letter_id: str, org: str | None, as_json: bool) -> None:
    """Compare LETTER, its words and its file with what the ledger says of it. Exit code 1 if anything differs."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            faults = [what for _entry, what in faults_of(tx, letter_id)]
    if as_json:
        print_json({"letter": letter_id, "good": not faults, "faults": faults})
    else:
        click.echo("\n".join(faults) if faults else f"Good. {letter_id} is what the ledger says.")
    if faults:
        sys.exit(1)


def _data(tx: Tx, one: Letter) -> dict[str, Any]:
    state = reading.state_of(one, tx.now)
    found: dict[str, Any] = msgspec.to_builtins(
        {name: getattr(one, name) for name in Letter.__slots__}, enc_hook=str, builtin_types=(datetime,)
    )
    return {"state": state.value, **_plain(found)}


def _plain(value: Any) -> Any:
    """Moments as everywhere else: UTC, six digits."""
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _show(found: dict[str, Any]) -> None:
    evidence = found["evidence"]
    click.echo(f"{found['id']}  {found['state']}")
    if evidence:
        signer, origin = evidence["signer"], evidence["origin"]
        click.echo(
            f"  signed   {found['signed_at']} by {signer['first_name']} {signer['last_name']}, {signer['title']}"
        )
        click.echo(
            f"  account  {origin['account']} {origin.get('account_email', '')} from {origin.get('address', '-')}"
        )
        click.echo(f"  for      {evidence['subscriber']['legal_name']}, to {evidence['provider']}")
    click.echo(f"  numbers  {', '.join(map(phone.display, found['numbers']))}")
    click.echo(f"  ends     {found['last_day'] or 'when it is revoked'}")
    for name in ("text_sha256", "pdf_sha256"):
        click.echo(f"  {name}  {found[name] or '-'}")
    for ending in found["endings"]:
        by = f" by {ending['superseded_by']}" if ending["superseded_by"] else ""
        click.echo(f"  {ending['how']} {ending['at']}{by} {printable(ending['reason'])}".rstrip())
