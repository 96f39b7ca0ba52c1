"""Serving: gunicorn inside the process that was started, and the scheduled work in a process beside it.

The work is a process and not a thread of a web worker: indexing is computing, and would hold up answers under the
interpreter's lock.
"""

import gc
import os
import socket
import subprocess
import sys
import time
from typing import Any

from gunicorn.app.base import BaseApplication

from archive.core.errors import Conflict
from archive.settings import read_settings

THREADS = 40
STOPPING_SECONDS = 20
PATIENCE_SECONDS = 4


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

        application = create_app(build(read_settings(os.environ)))
        gc.collect()
        gc.freeze()  # What is there now stays; the collector need not look at it again.
        return application


def demand_free(host: str, port: int) -> None:
    """Raises `Conflict` in one line where gunicorn would write a dozen.

    The workers of a server that was killed hold its port for a second or two, so a busy one is tried again.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while problem := _why_not(host, port):
        if time.monotonic() > end:
            raise Conflict(f"Nothing can listen on {host}:{port}: {problem}.", "Choose another with --port.")
        time.sleep(0.1)


def _why_not(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as problem:
        # The socket module's own words repeat the address; a name that can't be resolved has a negative number.
        number = problem.errno or 0
        return os.strerror(number).lower() if number > 0 else problem.strerror or str(problem)
    return None


def run_server(host: str, port: int, workers: int, *, with_jobs: bool) -> None:
    """Serves until it is stopped, and returns when the scheduled work has ended too."""
    demand_free(host, port)
    jobs = start_jobs() if with_jobs else None
    try:
        Server(server_options(host, port, workers)).run()
    finally:
        if jobs:
            _stop(jobs)


def _stop(jobs: subprocess.Popen[bytes]) -> None:
    """What is cut off is done again at the next start, so a job that takes long need not hold anybody up."""
    jobs.terminate()
    try:
        jobs.wait(STOPPING_SECONDS)
    except subprocess.TimeoutExpired:
        jobs.kill()


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
