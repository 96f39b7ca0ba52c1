"""The scheduled work: list it, do one piece of it now, or run the scheduler."""

import click

from archive.cli.shared import as_json, opened, print_json
from archive.core.errors import NotFound
from jobs.runner import run_scheduler
from jobs.schedule import JOBS


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def jobs(context: click.Context, as_json: bool) -> None:
    """List what is done on a schedule; `jobs run NAME` does one thing now."""
    if context.invoked_subcommand:
        return
    rows = [{"name": job.name, "every_seconds": job.every_seconds, "about": job.about} for job in JOBS]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']:12} every {row['every_seconds']:>4} s  {row['about']}")


@jobs.command("run")
@click.argument("name")
@as_json
def run_job(name: str, as_json: bool) -> None:
    """Do job NAME once, now."""
    job = next((job for job in JOBS if job.name == name), None)
    if job is None:
        raise NotFound(f"There is no job {name!r}.", f"Known are: {', '.join(job.name for job in JOBS)}.")
    with opened() as archive:
        result = job.run(archive)
    print_json({"job": name, "result": result}) if as_json else click.echo(f"{name}: {result}")


@jobs.command("start")
@click.option("--parent", type=int, help="End when the process with this id is no longer our parent.")
def start(parent: int | None) -> None:
    """Run the scheduler until it is stopped."""
    with opened() as archive:
        run_scheduler(archive, parent)
