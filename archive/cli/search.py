"""Searching from the terminal, and the index behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import get_args

import click
from click.core import ParameterSource

from archive.access.organisations import OrganisationRow
from archive.api.shapes import hit_body
from archive.cli.shared import as_json, opened, org_option, organisation, organisations, visible
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.ledger.entry import encode
from archive.search.actions import Found, Hit
from archive.search.actions import search as run_search
from archive.search.certify import certify
from archive.search.follower import catch_up, rebuild
from archive.search.index import IndexBusy, Sorting
from archive.search.query.error import QueryError
from archive.search.scrubbing import problems
from archive.search.statement import Statement
from archive.wiring import Archive

_BY_DEFAULT = ParameterSource.DEFAULT


@click.command()
@click.argument("query")
@org_option
@click.option("--limit", default=25, show_default=True, type=click.IntRange(1, 500), help="Hits on the page.")
@click.option("--cursor", help="The `next` of the page before.")
@click.option(
    "--order",
    type=click.Choice(get_args(Sorting)),
    default="newest",
    show_default=True,
    help="Which come first; best is the best match.",
)
@click.option(
    "--certify",
    "certified",
    is_flag=True,
    help="Print a signed statement of how many texts are found, none included, and of how much was searched.",
)
@as_json
@click.pass_context
def search(
    context: click.Context,
    query: str,
    org: str | None,
    limit: int,
    cursor: str | None,
    order: Sorting,
    certified: bool,
    as_json: bool,
) -> None:
    """Find texts: words, "phrases", prefix*, colour~, NOT, OR, from: to: with: number: before: after: flag: …

    With --certify it prints no text, but a statement that a stranger checks with `textarchive verify-statement`.
    """
    if certified:
        _demand_nothing_of_a_page(context)
    with opened() as archive:
        row = organisation(archive, org)
        _bring_up(archive, row)
        with _pointing_into(query):
            if certified:
                _print_statement(certify(archive, row.id, OPERATOR, query))
                return
            found = run_search(archive, row.id, OPERATOR, query, limit=limit, cursor=cursor, order=order)
    if as_json:
        _print_json(found)
    else:
        _print(found)
    found.demand_whole()


def _demand_nothing_of_a_page(context: click.Context) -> None:
    """What would be passed over in silence is refused: a statement is about all hits, in no order."""
    given = [name for name in ("limit", "cursor", "order") if context.get_parameter_source(name) is not _BY_DEFAULT]
    if given:
        raise click.UsageError(f"--certify counts all hits, so leave out {', '.join(f'--{name}' for name in given)}.")


@contextmanager
def _pointing_into(query: str) -> Iterator[None]:
    """A mistake in the line is shown at its place."""
    try:
        yield
    except QueryError as problem:
        click.echo(f"  {query}\n  {' ' * problem.start}{'^' * max(1, problem.end - problem.start)}", err=True)
        raise


def _print_statement(statement: Statement) -> None:
    covered = statement.stated.coverage
    click.echo(statement.text.encode(), nl=False)
    if not covered.complete:
        click.echo(
            f"textarchive: This statement is not complete, and says so: {covered.missing:,} of {covered.of:,} texts "
            "were not searched. `textarchive doctor` says why.",
            err=True,
        )


def _bring_up(archive: Archive, row: OrganisationRow) -> None:
    """Nothing that is committed should be missing only because no scheduler runs."""
    try:
        catch_up(archive.transactions, archive.index, row.id)
    except IndexBusy:
        return  # Another process is at it; the coverage that is printed says how far it is.


def _print_json(found: Found) -> None:
    body = {
        "hits": [hit_body(hit.message, hit.marks, hit.delivery) for hit in found.hits],
        "count": found.count,
        "coverage": {
            "indexed": found.coverage.indexed,
            "of": found.coverage.of,
            "through": found.coverage.through,
            "rebuilding": list(found.coverage.rebuilding),
        },
        "next": found.next,
        "compared": found.compared,
    }
    click.echo(encode(body))


def _print(found: Found) -> None:
    for hit in found.hits:
        click.echo(_headline(hit))
        click.echo("  " + _marked(hit).replace("\n", "\n  "))
    coverage = found.coverage
    click.echo(
        f"{found.count:,} texts found; searched {coverage.indexed:,} of {coverage.of:,}, "
        f"through #{coverage.through:,}, in {found.took * 1000:,.0f} ms."
    )
    if coverage.rebuilding:
        months = ", ".join(coverage.rebuilding)
        click.echo(f"Not all texts that expire in {months} were searched: these are being indexed again.")
    if found.compared:
        click.echo(f"The best of the newest {found.compared:,}; older ones were not compared.")
    if found.next:
        click.echo(f"More with --cursor {found.next}")


def _headline(hit: Hit) -> str:
    message = hit.message
    sender = phone.display(message.content.sender)
    recipients = ", ".join(phone.display(address) for address in message.content.to)
    line = f"#{message.serial}  {message.at:%Y-%m-%d %H:%M:%S} UTC  {visible(sender)} → {visible(recipients)}"
    return click.style(line, bold=True) + "".join(f"  [{flag}]" for flag in message.flags)


def _marked(hit: Hit) -> str:
    text, at, parts = hit.message.content.text, 0, []
    for start, end in hit.marks:
        parts += [visible(text[at:start]), click.style(visible(text[start:end]), fg="yellow", bold=True)]
        at = end
    return "".join([*parts, visible(text[at:])])


@click.group()
def index() -> None:
    """The search index: a cache that can always be built again from the database."""


@index.command("rebuild")
@org_option
def rebuild_(org: str | None) -> None:
    """Throw the index away and build it again."""
    with opened() as archive:
        for row in organisations(archive, org):
            click.echo(f"{row.name}: {rebuild(archive.transactions, archive.index, row.id):,} texts indexed")


@index.command("check")
@org_option
def check(org: str | None) -> None:
    """Say what is wrong with the index. Exit code 1 if anything is."""
    with opened() as archive:
        wrong = {row.name: problems(archive.transactions, archive.index, row.id) for row in organisations(archive, org)}
    for name, found in wrong.items():
        click.echo(f"{name}: " + (" ".join(found) or "ok"))
    if any(wrong.values()):
        raise SystemExit(1)
