"""Spam reports: the register, taking complaints in, triage."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from archive.cli.optouts import as_data
from archive.cli.shared import as_json, opened, org_option, organisation, print_json, visible
from archive.core import phone
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput
from archive.spam import acting, inbox, keeping, triage
from archive.spam.history import history_of
from archive.spam.importing import Fate, import_complaints
from archive.spam.model import OPEN, Claim, FeeTier, NewReport, Said, Source, State
from archive.spam.packing import pack
from archive.spam.reading import Report, list_reports
from archive.spam.reasons import reason
from archive.spam.recording import take_report
from archive.spam.store import SpamReportRow, Wanted
from archive.spam.table import EXACTLY
from archive.spam.viewing import view_report

FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
STATES = click.Choice(["open", "all", *map(str, State)])
TIERS = click.Choice(["none", *map(str, FeeTier)])


@click.group()
def spam() -> None:
    """Who complained about our texts, and what was done about it."""


@spam.command("list")
@click.option("--state", type=STATES, default="open", show_default=True, help="Which.")
@click.option("--order", type=click.Choice(["due", "newest", "oldest"]), default="due", show_default=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many at most.")
@org_option
@as_json
def list_(state: str, order: Any, limit: int, org: str | None, as_json: bool) -> None:
    """List the reports; what people wrote takes `textarchive spam show`."""
    states = {"open": tuple(sorted(OPEN)), "all": ()}.get(state) if state in ("open", "all") else (State(state),)
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found = list_reports(tx, Wanted(states or (), order=order), limit)
    if as_json:
        print_json([_brief(one) for one in found])
        return
    for one in found:
        about = f"text #{one.serial} ({one.score} %)" if one.serial else "no text found"
        number = phone.display(one.own_number) if one.own_number else one.campaign
        click.echo(f"{one.id}  {one.state:13} due {one.due_on}  {number:18} {one.source:8} {about}")


@spam.command("show")
@click.argument("report_id", metavar="REPORT")
@org_option
@as_json
def show(report_id: str, org: str | None, as_json: bool) -> None:
    """Show a report with what became of it. The reading is recorded."""
    with opened() as archive:
        row = organisation(archive, org)
        report = view_report(archive.transactions, archive.group, row.id, OPERATOR, report_id)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            steps = history_of(tx, report_id)
    if as_json:
        print_json({**_brief(report.row), **_said(report), "matches": _matches(report)})
        return
    for name, value in {**_brief(report.row), **_said(report)}.items():
        if value not in (None, ""):
            click.echo(f"{name:14} {visible(str(value))}")
    for match in _matches(report):
        click.echo(f"may be #{match['serial']}  {match['score']} %: {match['reason']}")
    for step in steps:
        note = f": {visible(step.note)}" if step.note else ""
        click.echo(f"{rfc3339(step.entry.at)}  {step.entry.kind:14} {step.entry.actor}{note}")


@spam.command("report")
@click.argument("number", metavar="OWN_NUMBER")
@click.option("--reporter", default="", help="Number of whoever complains.")
@click.option("--at", metavar="TIME", help="When the text came, like 2026-11-23T15:00:00Z.")
@click.option("--words", default="", help="What it said.")
@org_option
@as_json
def report(number: str, reporter: str, at: str | None, words: str, org: str | None, as_json: bool) -> None:
    """Take in a complaint that somebody made in another way, about a text from OWN_NUMBER."""
    moment = _time(at)
    claim = Claim(moment, moment + EXACTLY) if moment else None
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            taken = take_report(tx, NewReport(Source.PERSON, number, Said(reporter, words=words), claim))
    if as_json:
        print_json({"id": taken.report_id, "new": taken.new})
    else:
        click.echo(taken.report_id if taken.new else f"{taken.report_id} says the same; nothing was changed.")


@spam.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would become of each line, and change nothing.")
@org_option
@as_json
def import_(file: Path, dry_run: bool, org: str | None, as_json: bool) -> None:
    """Import carriers' complaints from the CSV FILE; again changes nothing. Ends with 1 if a line was refused."""
    with opened() as archive:
        row = organisation(archive, org)
        opening = archive.transactions.read if dry_run else archive.transactions.write
        with opening(row.id, OPERATOR) as tx:
            fates = import_complaints(tx, file.read_bytes())
    print_json([as_data(fate) for fate in fates]) if as_json else _print_fates(fates)
    if any(fate.why for fate in fates):
        raise SystemExit(1)


@spam.command("triage")
@click.argument("report_id", metavar="REPORT")
@click.option("--state", type=click.Choice([*map(str, State)]), help="Move it there.")
@click.option("--note", default="", help="What you found out, or why. Sealed.")
@click.option("--assign", metavar="PERSON", help="Id of who sees to it; empty for nobody.")
@click.option("--due", metavar="DAY", help="By when, like 2026-12-07.")
@click.option("--tier", type=TIERS, help="Tier of the carrier's fee.")
@click.option("--suspend-number", is_flag=True, help="Suspend the number that it is about.")
@click.option("--pause-campaign", is_flag=True, help="Pause the campaign that it is about.")
@click.option("--opt-out", is_flag=True, help="Whoever complains is not to be texted from it any more.")
@org_option
def change(
    report_id: str,
    state: str | None,
    note: str,
    assign: str | None,
    due: str | None,
    tier: str | None,
    suspend_number: bool,
    pause_campaign: bool,
    opt_out: bool,
    org: str | None,
) -> None:
    """Change a report, and do something because of it: all that is said, or nothing."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            if assign is not None:
                triage.assign(tx, report_id, assign)
            if due:
                triage.set_due(tx, report_id, _day(due))
            if tier:
                triage.set_tier(tx, report_id, None if tier == "none" else FeeTier(tier))
            if state:
                triage.move(tx, report_id, State(state), note)
            elif note:
                triage.add_note(tx, report_id, note)
            if suspend_number:
                acting.suspend_number(tx, report_id)
            if pause_campaign:
                acting.pause_campaign(tx, report_id)
            if opt_out:
                acting.opt_out_reporter(tx, report_id)
    click.echo(f"{report_id} is changed.")


@spam.command("packet")
@click.argument("report_id", metavar="REPORT")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@org_option
def packet(report_id: str, file: Path, org: str | None) -> None:
    """Write the evidence packet of REPORT to FILE: a ZIP with everything, or a PDF if it ends in .pdf. Recorded."""
    with opened() as archive:
        row = organisation(archive, org)
        packed = pack(archive.transactions, row, OPERATOR, report_id)
    file.write_bytes(packed.pdf() if file.suffix.casefold() == ".pdf" else packed.zip())
    click.echo(f"{file} is written.")
    for sentence in packed.packet.missing:
        click.echo(f"  missing: {sentence}")


@spam.command("policy")
@click.option("--years", type=click.IntRange(1), help="Keep reports so long; never less than now.")
@org_option
def policy(years: int | None, org: str | None) -> None:
    """Say for how many years spam reports are kept; set it."""
    with opened() as archive:
        row = organisation(archive, org)
        if years:
            with archive.transactions.write(row.id, OPERATOR) as tx:
                keeping.set_keep_years(tx, years)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            kept = keeping.keep_years(tx)
    click.echo(f"Spam reports are kept for {kept} years after the month in which they came.")


@spam.command("dropped")
@as_json
def dropped(as_json: bool) -> None:
    """How many reports of the public page were dropped, by day: about numbers of nobody here, or made by a program."""
    with opened() as archive, archive.transactions.glance() as session:
        rows = [(row.day, row.why, row.count) for row in inbox.dropped(session)]
    if as_json:
        print_json([{"day": str(day), "why": why, "count": count} for day, why, count in rows])
        return
    for day, why, count in rows:
        click.echo(f"{day}  {count:>8,}  {why}")


def _brief(row: SpamReportRow) -> dict[str, Any]:
    names = ("id", "source", "own_number", "campaign", "state", "assignee", "fee_tier", "serial", "score", "entry")
    times = {"received_at": rfc3339(row.received_at), "due_on": str(row.due_on)}
    return {**{name: getattr(row, name) for name in names}, **times}


def _said(report: Report) -> dict[str, Any]:
    said, claim = report.said, report.claim
    names = ("reporter", "email", "carrier", "reference", "words")
    times = {"texted_since": claim and rfc3339(claim.since), "texted_until": claim and rfc3339(claim.until)}
    return {**times, **{name: getattr(said, name) for name in names}}


def _matches(report: Report) -> list[dict[str, Any]]:
    return [{"serial": one.serial, "score": one.score, "reason": reason(one)} for one in report.matches]


def _print_fates(fates: list[Fate]) -> None:
    counts = Counter(fate.outcome.value for fate in fates)
    click.echo(", ".join(f"{count:,} {what}" for what, count in counts.items()) or "The file has no lines.")
    for fate in fates:
        if fate.why:
            click.echo(f"  line {fate.line}: {fate.why}")


def _time(at: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(at) if at else None
        if moment and moment.tzinfo is None:
            raise ValueError
    except ValueError:
        raise BadInput(f"{at!r} is no time.", "Write it like 2026-11-23T15:00:00Z.") from None
    return moment


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no day.", "Write it like 2026-12-07.") from None
