"""Serving: gunicorn inside this command, and the scheduled work in a process beside it.

The work is a process and not a thread of a web worker: indexing is computing, and would hold up answers under the
interpreter's lock.
"""

import os
import subprocess
import sys
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from archive.cli.shared import opened, settings

THREADS = 40


class Server(BaseApplication):
    """gunicorn with threads; each worker builds its own archive after the fork."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from archive.wiring import build
        from archive.wsgi import create_app

        return create_app(build(settings()))


def run_server(host: str, port: int, workers: int, *, with_jobs: bool) -> None:
    """Serves until it is stopped."""
    jobs = start_jobs() if with_jobs else None
    try:
        Server(server_options(host, port, workers)).run()
    finally:
        if jobs:
            jobs.terminate()


def server_options(host: str, port: int, workers: int) -> dict[str, Any]:
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "worker_connections": 1000,
        "keepalive": 30,
        "timeout": 120,
        "graceful_timeout": 20,
        "control_socket_disable": True,
        "loglevel": "warning",
    }


def start_jobs() -> subprocess.Popen[bytes]:
    """The scheduler as a process that ends when this one does, however this one ends."""
    command = [sys.executable, "-m", "archive", "jobs", "start", "--parent", str(os.getpid())]
    return subprocess.Popen(command)  # noqa: S603 - our own command line, nothing of it from outside.


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web processes. One suits SQLite; with PostgreSQL take one for each core.",
)
@click.option("--no-jobs", is_flag=True, help="Leave the scheduled work to another process (`textarchive jobs start`).")
def serve(host: str, port: int, workers: int, no_jobs: bool) -> None:
    """Serve pages and API, and do the scheduled work beside it."""
    with opened() as archive:  # Fails here, with one clear line, rather than in a worker.
        address = archive.settings.public_url
    click.echo(f"Serving on http://{host}:{port} (public address {address}). Stop with Ctrl-C.")
    run_server(host, port, workers, with_jobs=not no_jobs)
