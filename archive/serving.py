"""Serving: gunicorn inside the process that was started, and the scheduled work in a process beside it.

The work is a process and not a thread of a web worker: indexing is computing, and would hold up answers under the
interpreter's lock.
"""

import os
import subprocess
import sys
from typing import Any

from gunicorn.app.base import BaseApplication

from archive.settings import read_settings

THREADS = 40


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with threads; each worker builds its own archive after the fork."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from archive.wiring import build  # noqa: PLC0415 - each worker imports it for itself, after the fork.
        from archive.wsgi import create_app  # noqa: PLC0415

        return create_app(build(read_settings(os.environ)))


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
