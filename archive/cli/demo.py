"""`textarchive demo`: everything running with believable data, in one command."""

import os
import shutil

import click

from archive.cli.shared import settings
from archive.core.clock import system_clock
from archive.core.errors import Conflict
from archive.demo.loading import LOGINS, load_demo, read_logins, write_logins
from archive.serving import run_server
from archive.setting_up import prepare, set_up_organisation
from archive.settings import Settings
from archive.wiring import build


@click.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Port on 127.0.0.1.")
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and start anew.")
@click.option("--empty", is_flag=True, help="Start with one organisation and no texts.")
def demo(port: int, fresh: bool, empty: bool) -> None:
    """Start everything on 127.0.0.1 with demo data, which is kept for the next start."""
    os.environ["TEXTARCHIVE_PUBLIC_URL"] = f"http://127.0.0.1:{port}"  # For the processes that are started below.
    chosen = settings()
    if fresh:
        _throw_away(chosen)
    logins = read_logins(chosen)
    if not logins:
        _throw_away(chosen)  # What an interrupted first start has left.
        prepare(chosen)
        write_logins(chosen, [])
        logins = _make_empty(chosen) if empty else _make_full(chosen)
    click.echo(f"\nTextarchive is at http://127.0.0.1:{port}\n")
    for login in logins:
        click.echo(f"  {login['email']:40} {login['password']:26} {login['role']}, {login['organisation']}")
    click.echo("\nStop with Ctrl-C; the data stay in " + str(chosen.data))
    run_server("127.0.0.1", port, 1, with_jobs=True)


def _make_full(chosen: Settings) -> list[dict[str, str]]:
    click.echo("Playing fourteen months of texts through the door (some seconds) …")
    return load_demo(chosen, system_clock(), lambda name: click.echo(f"  {name}"))


def _make_empty(chosen: Settings) -> list[dict[str, str]]:
    archive = build(chosen)
    made = set_up_organisation(archive, "Empty Demo", "admin@demo.example")
    archive.engine.dispose()
    login = {"organisation": made.row.name, "role": "administrator", "email": made.email, "password": made.password}
    write_logins(chosen, [login])
    return [login]


def _throw_away(chosen: Settings) -> None:
    """Only what the demo itself has made: the log-ins' file says so."""
    if (chosen.data / LOGINS).exists():
        shutil.rmtree(chosen.data)
    elif (chosen.data / "archive.db").exists():
        raise Conflict(
            f"{chosen.data} holds an archive that is not the demo's.",
            "Set TEXTARCHIVE_DATA to another folder for the demo.",
        )
