"""Servers to be measured: ours, and a trivial one under the same gunicorn."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, jsonify, request

from archive.core.errors import NotReady

READY_SECONDS = 30.0


def trivial_app() -> Flask:
    """The least that a Flask endpoint with JSON in and JSON out can do."""
    app = Flask("trivial")

    @app.post("/")
    def answer() -> tuple[Response, int]:
        body: Any = request.get_json()
        return jsonify({"outcomes": [{"status": "stored", "length": len(body)}]}), 201

    return app


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], environment: Mapping[str, str], port: int) -> Iterator[tuple[str, int]]:
    """The server's address once it answers; ended again afterwards."""
    process = subprocess.Popen(  # noqa: S603 - our own command line.
        [sys.executable, "-m", *command], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        _wait(port, process)
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(timeout=READY_SECONDS)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise NotReady("The server to be measured did not start.", "Start it by hand to see why.")
