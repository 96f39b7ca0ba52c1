"""`textarchive clock`: what the clocks say, and saying that they are right."""

import click

from archive.cli.shared import as_json, opened, print_json
from archive.core.actor import OPERATOR
from archive.health.actions import confirm_clock
from archive.runs import clock_store
from archive.runs.actions import look_at_clocks
from archive.runs.clocks import CONFIRM


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def clock(context: click.Context, as_json: bool) -> None:
    """Compare this machine's clock with the database's and the last moment that was seen. Exit code 1 if in doubt."""
    if context.invoked_subcommand:
        return
    with opened() as archive, archive.transactions.glance() as session:
        now = archive.clock()
        verdict = look_at_clocks(session, now)
        seen = clock_store.last_seen(session)
        database = clock_store.database_clock(session)
    if as_json:
        moments = {"machine": now, "database": database, "last_seen": seen}
        said = {name: moment and moment.isoformat() for name, moment in moments.items()}
        print_json({**said, "agree": verdict.agree, "problems": list(verdict.problems)})
    else:
        click.echo(f"this machine {now:%Y-%m-%d %H:%M:%S} UTC")
        click.echo(f"database     {database:%Y-%m-%d %H:%M:%S} UTC")
        click.echo(f"last seen    {seen:%Y-%m-%d %H:%M:%S} UTC" if seen else "last seen    never")
        for line in (*verdict.problems, CONFIRM) if verdict.problems else ("They agree.",):
            click.echo(line)
    if not verdict.agree:
        raise SystemExit(1)


@clock.command("confirm")
def confirm() -> None:
    """Say that it is now what this machine's clock says. Recorded in every organisation's ledger."""
    with opened() as archive:
        confirm_clock(archive, OPERATOR)
        now = archive.clock()
    click.echo(f"It is {now:%Y-%m-%d %H:%M:%S} UTC, says the operator.")
