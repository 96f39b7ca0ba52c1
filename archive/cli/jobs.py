"""The scheduled work: how it stands, doing one piece of it now, or running the scheduler."""

import difflib
from datetime import datetime
from typing import Any

import click

from archive.cli.shared import as_json, opened, print_json
from archive.core.errors import NotFound
from archive.runs.actions import report
from archive.runs.model import JobState, Run
from archive.runs.report import JobReport, Phase, in_words
from archive.wiring import Archive
from jobs.runner import run_scheduler
from jobs.schedule import JOBS
from jobs.spec import Job
from jobs.turn import do_now

COLOURS = {Phase.LATE: "red", Phase.FAILED: "yellow", Phase.NEW: "yellow"}


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def jobs(context: click.Context, as_json: bool) -> None:
    """List the scheduled work: last run, next due time, late or not; `jobs run NAME` does one thing now."""
    if context.invoked_subcommand:
        return
    with opened() as archive:
        reports = _reports(archive)
    if as_json:
        print_json([_row(each) for each in reports])
        return
    for each in reports:
        _tell(each)


@jobs.command("run")
@click.argument("name")
@as_json
def run_job(name: str, as_json: bool) -> None:
    """Do job NAME once, now. Waits for another process that is at it."""
    job = _find(name)
    with opened() as archive:
        done = do_now(archive, job).counts
    print_json({"job": name, "result": dict(done)}) if as_json else click.echo(
        f"{name}: {in_words(done) or 'nothing to do'}"
    )


@jobs.command("start")
@click.option("--parent", type=int, help="End when the process with this id is no longer our parent.")
def start(parent: int | None) -> None:
    """Run the scheduler until it is stopped. Any number may run: each due time is carried out by one of them."""
    with opened() as archive:
        run_scheduler(archive, parent)


def _find(name: str) -> Job:
    names = [job.name for job in JOBS]
    for job in JOBS:
        if job.name == name:
            return job
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(names)}."
    raise NotFound(f"There is no job {name!r}.", hint)


def _reports(archive: Archive) -> list[JobReport]:
    """In the order of the schedule; one that no scheduler has made known yet is new."""
    now = archive.clock()
    with archive.transactions.glance() as session:
        known = {each.state.job: each for each in report(session, now)}
    return [known.get(job.name) or JobReport(JobState(job.duty, now), None, now) for job in JOBS]


def _row(report: JobReport) -> dict[str, Any]:
    state = report.state
    return {
        "name": state.job,
        "about": state.duty.about,
        "every_seconds": state.duty.every_seconds,
        "state": report.phase,
        "late": report.phase is Phase.LATE,
        "next_due": report.next_due.isoformat(),
        "last_success": state.good_at.isoformat() if state.good_at else None,
        "failures": state.failures,
        "runs": state.runs,
        "last_run": _run(report.last) if report.last else None,
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "due": run.due_at.isoformat(),
        "started": run.started_at.isoformat(),
        "ended": run.ended_at.isoformat(),
        "token": run.token,
        "holder": run.holder,
        "outcome": run.outcome,
        "error": run.error,
        "counts": dict(run.counts),
    }


def _tell(report: JobReport) -> None:
    state, indent = report.state, " " * 13
    phase = click.style(f"{report.phase:7}", fg=COLOURS.get(report.phase, "green"))
    click.echo(f"{state.job:12} {phase} {state.duty.about}")
    last = _moment(state.good_at) if state.good_at else "never"
    every = f"every {state.duty.every_seconds:,} s"
    click.echo(f"{indent}{every}; last success {last}; next due {_moment(report.next_due)} UTC")
    if report.last:
        said = report.last.error or in_words(report.last.counts)
        click.echo(f"{indent}{_moment(report.last.ended_at)} {report.last.outcome}: {said}")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
