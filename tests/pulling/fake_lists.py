"""Providers on 127.0.0.1: they list what they are given, page by page, and misbehave as they are told to.

It is bounded itself: in requests, in bytes of each, and in how long it waits.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MOST_REQUESTS = 2_000
LONGEST_REQUEST = 65_536
HUGE = 21_000_000

Answer = tuple[int, Any]
Query = dict[str, str]


class FakeLists(ThreadingHTTPServer):
    """`answers`: path → what answers it, from its query. `faults`: what happens to the next requests, one each; None is
    a good answer. `asked`: the addresses; `presented`: what each was authorised by."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.over = threading.Event()
        self.forget()

    def forget(self) -> None:
        self.answers: dict[str, Callable[[Query], Answer]] = {}
        self.faults: list[Any] = []
        self.asked: list[str] = []
        self.presented: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeLists
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.presented.append(self.headers.get("Authorization"))
        fault = self.server.faults.pop(0) if self.server.faults else None
        if len(self.server.asked) > MOST_REQUESTS:
            self._send(400, b"{}")
        elif fault is not None:
            self._fail(fault)
        else:
            self._answer()

    def do_POST(self) -> None:
        said = self.rfile.read(min(int(self.headers["Content-Length"]), LONGEST_REQUEST)).decode()
        self.path += f"?{said}"
        self.do_GET()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        answer = self.server.answers.get(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        status, said = answer(query) if answer else (404, {"message": "no such thing"})
        link = said.pop("_link", None) if isinstance(said, dict) else None
        self._send(status, json.dumps(said).encode(), {"Link": f'<{link}>; rel="next"'} if link else {})

    def _fail(self, fault: Any) -> None:
        """A status, (status, headers), a body of something else, "cut", "hang", "drip" or "huge"."""
        self.close_connection = True
        if fault == "cut":
            self._send(200, b'{"messages": [', length=5_000)
        elif fault == "hang":
            self.server.over.wait(5)
        elif fault == "drip":
            self._drip()
        elif fault == "huge":
            self._send(200, b" " * HUGE)
        elif isinstance(fault, bytes):
            self._send(200, fault, {"Content-Type": "text/html"})
        else:
            status, headers = fault if isinstance(fault, tuple) else (fault, {})
            self._send(status, b'{"message": "no"}', headers)

    def _drip(self) -> None:
        """A byte at a time, each in time, and never all of them."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(100):
            if self.server.over.wait(0.01):
                return
            self.wfile.write(b" ")
            self.wfile.flush()

    def _send(self, status: int, raw: bytes, headers: dict[str, str] | None = None, length: int | None = None) -> None:
        self.send_response(status)
        ending = {"Connection": "close"} if self.close_connection else {}
        for name, value in {"Content-Length": str(length or len(raw)), **ending, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(raw)
        except ConnectionError:
            self.close_connection = True  # It was too much for whoever asked.

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def fake_lists() -> Iterator[FakeLists]:
    server = FakeLists()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()
