"""`textarchive import`: historic files through the ordinary door."""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput
from archive.intake.fates import written
from archive.intake.files import FORMATS, Progress
from archive.intake.import_runs import Anchor, ImportOptions
from archive.intake.imports import Shown, Summary, import_file, preview_file
from archive.intake.looking_at_imports import open_fates
from archive.intake.profiles.actions import profile_named
from archive.intake.profiles.model import Profile
from archive.proving import sign_and_keep
from archive.search.follower import catch_up
from archive.search.index import IndexBusy
from archive.wiring import Archive

STEPS = 1_000
LONGEST_SHOWN = 60


class Zone(click.ParamType[ZoneInfo]):
    """The name of a time zone."""

    name = "zone"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        try:
            return ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError):
            self.fail(f"{value!r} is not a time zone. Write it like America/New_York.", param, ctx)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@org_option
@click.option("--format", "format_", type=click.Choice(["auto", *FORMATS]), default="auto", show_default=True)
@click.option(
    "--anchor",
    type=click.Choice(["received", "sent"]),
    default="received",
    show_default=True,
    help="From when retention counts: from now, or from when a text was sent.",
)
@click.option("--number", help="Own number for files that don't name one, like +14155550100. Phone backups need it.")
@click.option("--provider", help="Provider for files that don't name one.")
@click.option("--zone", type=Zone(), help="Time zone of times that have none, like America/New_York (default: unread).")
@click.option("--profile", metavar="NAME", help="Profile that says the columns of a table: see `textarchive profile`.")
@click.option("--preview", is_flag=True, help="Say what would be stored, and store nothing.")
@click.option(
    "--fates",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what became of each item to this file: CSV, or JSON lines if it ends in .jsonl.",
)
@as_json
def import_(
    files: tuple[Path, ...],
    org: str | None,
    format_: str,
    anchor: Anchor,
    number: str | None,
    provider: str | None,
    zone: ZoneInfo | None,
    profile: str | None,
    preview: bool,
    fates: Path | None,
    as_json: bool,
) -> None:
    """Import FILES. Importing again after a break goes on where it was, and stores nothing twice."""
    if preview and fates:
        raise click.UsageError("A preview has no fates to write: nothing has become of anything yet.")
    with opened() as archive:
        row = organisation(archive, org)
        options = ImportOptions(format_, anchor, number, provider, zone, _profile(archive, row.id, profile))
        work = preview_file if preview else import_file
        summaries = []
        for path in files:
            with click.progressbar(length=STEPS, label=path.name, file=sys.stderr) as bar:

                def report(progress: Progress, _summary: Summary) -> None:
                    bar.update(int(progress.share * STEPS) - bar.pos)

                summaries.append(work(archive.transactions, row.id, OPERATOR, path, options, report))
        if not preview:
            _follow(archive, row.id)
            sign_and_keep(archive.transactions, archive.vault, row)
        if fates:
            _write(archive, row.id, summaries, fates)
    if as_json:
        print_json({"preview": preview, "files": [summary.as_json() for summary in summaries]})
    else:
        for summary in summaries:
            _print(summary, preview)


def _profile(archive: Archive, org_id: int, name: str | None) -> Profile | None:
    if name is None:
        return None
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return profile_named(tx, name)


def _follow(archive: Archive, org_id: int) -> None:
    """Findable at once; when a server runs, its own indexer does it."""
    try:
        catch_up(archive.transactions, archive.index, org_id)
    except IndexBusy:
        click.echo("The index is being brought up by another process.", err=True)


def _write(archive: Archive, org_id: int, summaries: list[Summary], target: Path) -> None:
    told = (
        (summary.file, one)
        for summary in summaries
        for one in open_fates(archive, org_id, OPERATOR, summary.id or "").fates
    )
    try:
        with target.open("wb") as file:
            file.writelines(written(told, "jsonl" if target.suffix == ".jsonl" else "csv"))
    except OSError as problem:
        raise BadInput(f"{target} can't be written: {problem.strerror}.", "The import itself is done.") from None


def _print(summary: Summary, preview: bool) -> None:
    counts = summary.counts
    click.echo(
        f"{summary.file}: {summary.total:,} texts{', nothing stored yet' if preview else ''}: "
        f"{counts['stored']:,} {'new' if preview else 'stored'}, {counts['duplicate']:,} duplicate, "
        f"{counts['conflict']:,} conflicting, {counts['quarantined']:,} quarantined"
        + (f", {counts['expired']:,} past their retention" if preview else "")
        + (f" ({summary.resumed:,} of them before the break)" if summary.resumed else "")
        + "."
    )
    for reason, count in summary.reasons.most_common():
        click.echo(f"  {count:,} × {reason}")
    for one in summary.first:
        click.echo(f"  {visible(one.place)}: {visible(_foretold(one))}")


def _foretold(one: Shown) -> str:
    """One of the first items of a preview, as it would be read."""
    wire = one.arrival.wire
    if wire is None:
        return f"{one.outcome.status}: {one.outcome.reason}"
    at = rfc3339(wire.sent_at) if wire.sent_at else "no time"
    parties = f"{wire.sender} → {', '.join(wire.recipients[:3])}"
    words = " ".join(wire.text.split())[:LONGEST_SHOWN]
    return f"{one.outcome.status}, {wire.direction}, {parties}, {at}: {words}"
