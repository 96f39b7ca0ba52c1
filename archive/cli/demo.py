"""`textarchive demo`: everything running with believable data, in one command."""

import os
import shutil
from itertools import groupby

import click

from archive.cli.shared import settings
from archive.core.clock import system_clock
from archive.core.errors import Conflict
from archive.demo.loading import LOGINS, Login, load_demo, read_logins, write_logins
from archive.serving import demand_free, run_server
from archive.setting_up import prepare, set_up_organisation
from archive.settings import Settings
from archive.wiring import build

HOST = "127.0.0.1"
MAY = {
    "compliance": "compliance officer: searches and reads",
    "administrator": "administrator: may do everything",
    "auditor": "auditor: sees everything, changes nothing",
}


@click.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Port on 127.0.0.1.")
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and start anew.")
@click.option("--empty", is_flag=True, help="Start with one organisation and no texts.")
def demo(port: int, fresh: bool, empty: bool) -> None:
    """Start everything on 127.0.0.1 with demo data, which is kept for the next start."""
    address = os.environ["TEXTARCHIVE_PUBLIC_URL"] = f"http://{HOST}:{port}"  # For the processes that are started.
    chosen = settings()
    _demand_own_folder(chosen)
    demand_free(HOST, port)
    if fresh:
        _throw_away(chosen)
    logins = read_logins(chosen)
    if empty and len(logins) > 1:
        raise Conflict("The demo has texts already.", "Add --fresh to throw them away and to start with none.")
    if not logins:
        _throw_away(chosen)  # What an interrupted first start has left.
        prepare(chosen)
        write_logins(chosen, [])
        logins = _make_empty(chosen) if empty else _make_full(chosen)
    _introduce(address, logins)
    click.echo(f"\nStop with Ctrl-C. Texts and log-ins stay in {chosen.data}; --fresh starts anew.")
    run_server(HOST, port, 1, with_jobs=True)


def _introduce(address: str, logins: list[Login]) -> None:
    click.echo(f"\nTextarchive is at {address}. Sign in as one of these, each with what they may do:")
    width = max(len(login["email"]) for login in logins)
    for organisation, people in groupby(logins, key=lambda login: login["organisation"]):
        click.echo(f"\n  {organisation}")
        for login in people:
            click.echo(f"    {login['email']:{width}}  {login['password']}  {MAY[login['role']]}")


def _make_full(chosen: Settings) -> list[Login]:
    click.echo("Playing fourteen months of texts through the door, which takes some seconds …")
    return load_demo(chosen, system_clock(), lambda name: click.echo(f"  {name}"))


def _make_empty(chosen: Settings) -> list[Login]:
    archive = build(chosen)
    made = set_up_organisation(archive, "Empty Demo", "admin@demo.example")
    archive.engine.dispose()
    login = {"organisation": made.row.name, "role": "administrator", "email": made.email, "password": made.password}
    write_logins(chosen, [login])
    click.echo(f"An API key that brings texts in, shown once: {made.api_key}")
    return [login]


def _demand_own_folder(chosen: Settings) -> None:
    """An archive that is in earnest must not find invented organisations in its database."""
    if chosen.database_url != f"sqlite:///{chosen.data / 'archive.db'}":
        raise Conflict(
            "The demo keeps its data in a folder of its own, and TEXTARCHIVE_DATABASE_URL names a database.",
            "Unset TEXTARCHIVE_DATABASE_URL for the demo.",
        )


def _throw_away(chosen: Settings) -> None:
    """Only what the demo itself has made: the log-ins' file says so."""
    if (chosen.data / LOGINS).exists():
        shutil.rmtree(chosen.data)
    elif (chosen.data / "archive.db").exists():
        raise Conflict(
            f"{chosen.data} holds an archive that is not the demo's.",
            "Set TEXTARCHIVE_DATA to another folder for the demo.",
        )
