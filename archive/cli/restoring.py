"""`textarchive restore`: a lost database comes back."""

import sys
from typing import Any

import click

from archive.backups import restore_backup
from archive.cli.shared import as_json, opened, print_json
from archive.core.clock import rfc3339
from archive.ledger.report import Report
from archive.proving import verify_organisation
from archive.safekeeping import Progress
from archive.safekeeping import restore as bring_back
from archive.segments.names import ranges
from archive.segments.restore import Restored
from archive.settings import parse_place
from archive.wiring import Archive, open_backup

MOST_SHOWN = 20


@click.command()
@click.argument("place", metavar="FOLDER|s3://BUCKET/PREFIX", required=False)
@click.option("--from-vault", is_flag=True, help="From the segments in the vault and the copy of the keys.")
@click.option("--despite-gaps", is_flag=True, help="Restore the rest if something is missing or damaged.")
@as_json
def restore(place: str | None, from_vault: bool, despite_gaps: bool, as_json: bool) -> None:
    """Rebuild a lost database, name what is missing, and verify. Exit code 1 if anything is missing or wrong.

    From the vault, or from a backup and what the vault has beside it. Needs an empty database, the master key, and the
    settings of vault and keys as they were.
    """
    if bool(place) == from_vault:
        raise click.UsageError("Say from where: --from-vault, or the place of a backup.")
    with opened() as archive, click.progressbar(length=1, label="Restoring", file=sys.stderr) as bar:

        def show(_name: str, done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        found = _bring_back(archive, place, despite_gaps=despite_gaps, progress=show)
        reports = [_check(archive, each) for each in found]
    rows = [_row(each, report) for each, report in zip(found, reports, strict=True)]
    if as_json:
        print_json({"good": all(row["good"] for row in rows), "organisations": rows})
    else:
        for row, report in zip(rows, reports, strict=True):
            _print(row, report)
    if not all(row["good"] for row in rows):
        raise SystemExit(1)


def _bring_back(archive: Archive, place: str | None, *, despite_gaps: bool, progress: Progress) -> list[Restored]:
    where = (archive.transactions, archive.vault, archive.keys_backup)
    if place is None:
        return bring_back(*where, despite_gaps=despite_gaps, progress=progress)
    backup = open_backup(archive.settings, parse_place("The place", place), archive.clock)
    return restore_backup(*where, backup, despite_gaps=despite_gaps, progress=progress)


def _check(archive: Archive, restored: Restored) -> Report:
    # What the index knows may be of a history that is gone; it is built again by itself.
    archive.index.drop(restored.organisation.id)
    return verify_organisation(archive.transactions, archive.vault, restored.organisation)


def _row(restored: Restored, report: Report) -> dict[str, Any]:
    ledger, records = restored.ledger, restored.records
    row = {
        "organisation": restored.organisation.name,
        "id": restored.organisation.public_id,
        "entries": ledger.through,
        "until": rfc3339(ledger.until) if ledger.until else None,
        "records": len(records.restored),
        "destroyed_records": len(records.destroyed),
        "small_tables_rows": restored.rows,
        "signed": ledger.signed,
    }
    problems = {
        "lost_entries": [list(pair) for pair in ledger.lost],
        "missing_records": [list(pair) for pair in ranges(records.missing)],
        "damaged_records": [list(pair) for pair in ranges(sorted(records.damaged))],
        "broken_segments": [*ledger.broken, *records.broken],
        "faults": [str(fault) for fault in report.faults],
    }
    return {**row, **problems, "good": restored.rows is not None and not any(problems.values())}


def _print(row: dict[str, Any], report: Report) -> None:
    click.echo(f"{row['organisation']}: {row['entries']:,} entries and {row['records']:,} records are back.")
    click.echo(f"  Nothing that was stored after {row['until']} is there: have it sent again.")
    _name("entries were lost with the database; their places are known", row["lost_entries"])
    _name("records are missing in the vault", row["missing_records"])
    _name("records in the vault are not what the ledger committed to", row["damaged_records"])
    if row["broken_segments"]:
        click.echo(f"  Segments that are damaged: {', '.join(row['broken_segments'])}")
    if row["small_tables_rows"] is None:
        click.echo("  There was no whole copy of people, numbers and keys for the API: make them anew.")
    if row["signed"] > report.size:
        click.echo(f"  A checkpoint in the vault speaks of {row['signed']:,} entries; only {report.size:,} are left.")
    for fault in report.faults[:MOST_SHOWN]:
        click.echo(f"  {fault}")


def _name(what: str, pairs: list[list[int]]) -> None:
    if not pairs:
        return
    count = sum(last - first + 1 for first, last in pairs)
    shown = ", ".join(f"#{first}" if first == last else f"#{first} to #{last}" for first, last in pairs[:MOST_SHOWN])
    click.echo(f"  {count:,} {what}: {shown}{' …' if len(pairs) > MOST_SHOWN else ''}")
